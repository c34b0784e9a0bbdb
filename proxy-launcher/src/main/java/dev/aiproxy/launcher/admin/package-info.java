/** A small HTTP server for whoever runs the proxy, apart from the traffic: its own port, its own threads. */
package dev.aiproxy.launcher.admin;
