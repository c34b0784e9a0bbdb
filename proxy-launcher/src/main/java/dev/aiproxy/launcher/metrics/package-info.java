/** What the proxy tells Prometheus. Loaded only where there is an admin port. */
package dev.aiproxy.launcher.metrics;
