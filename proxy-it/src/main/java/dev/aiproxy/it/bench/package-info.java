/**
 * What proxies cost, side by side: {@link dev.aiproxy.it.bench.Benchmark} starts an AI server ({@code Stub}), our jar and
 * every other proxy it finds, gives each the same work in turn, and prints a table. See {@code docs/benchmarks.md}.
 */
package dev.aiproxy.it.bench;
