/** The command line of the proxy: verbs, settings, logs. Start at {@link dev.aiproxy.launcher.Main}. */
package dev.aiproxy.launcher;
