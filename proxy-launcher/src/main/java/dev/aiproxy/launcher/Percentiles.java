package dev.aiproxy.launcher;

/**
 * How long something took, in milliseconds.
 *
 * @param p50 half of them took no longer
 * @param p95 95 of a hundred took no longer
 * @param p99 99 of a hundred took no longer
 */
record Percentiles(long p50, long p95, long p99) {}
