/** Plans the proxy's life as a systemd service, of the machine or of one user. */
package dev.aiproxy.service.linux;
