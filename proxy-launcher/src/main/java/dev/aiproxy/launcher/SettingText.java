package dev.aiproxy.launcher;

/**
 * A setting as someone wrote it.
 *
 * @param text the value, quotes taken off, not yet checked
 * @param origin who wrote it
 */
record SettingText(String text, Origin origin) {}
