/**
 * A forward proxy for AI traffic, to embed in any Java program. Start at {@link dev.aiproxy.ForwardProxy}.
 */
package dev.aiproxy;
