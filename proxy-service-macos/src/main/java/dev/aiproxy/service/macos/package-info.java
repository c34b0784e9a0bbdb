/** Plans the proxy's life as a launchd job: an agent of one user or a daemon of the machine. */
package dev.aiproxy.service.macos;
