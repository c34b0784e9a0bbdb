/**
 * Both ends of a proxy, down to the byte: {@link dev.aiproxy.it.ScriptedUpstream} plays the AI server and
 * {@link dev.aiproxy.it.RawClient} its client. Neither uses an HTTP library, since what a library repairs or hides is
 * just what has to be seen.
 */
package dev.aiproxy.it;
