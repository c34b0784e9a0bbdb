/**
 * How it works, in the order in which a request meets it. Start at {@link dev.aiproxy.internal.ProxyServer}, which puts it
 * together; {@code docs/architecture.md} tells the rest.
 *
 * <ul>
 *   <li>The proxy as a whole: {@link dev.aiproxy.internal.JettyForwardProxy}, {@link dev.aiproxy.internal.Terms},
 *       {@link dev.aiproxy.internal.ServerThreads}, {@link dev.aiproxy.internal.Ticker}.
 *   <li>Clients' connections: {@link dev.aiproxy.internal.ListeningConnector}, {@link dev.aiproxy.internal.ClientEndPoint},
 *       {@link dev.aiproxy.internal.Http2EndPoint}, {@link dev.aiproxy.internal.ConnectionWatch}; under TLS
 *       {@link dev.aiproxy.internal.ClientTlsFactory} and {@link dev.aiproxy.internal.EncryptedEndPoint}.
 *   <li>May it in, and where to: {@link dev.aiproxy.internal.StreamHandler}, {@link dev.aiproxy.internal.Door},
 *       {@link dev.aiproxy.internal.ForwardRules}, {@link dev.aiproxy.internal.Route}.
 *   <li>The exchange: {@link dev.aiproxy.internal.ProxyExchange}, which decides its end, with
 *       {@link dev.aiproxy.internal.LeaveWatch}, {@link dev.aiproxy.internal.InFlight},
 *       {@link dev.aiproxy.internal.Failure}; what is told of it: {@link dev.aiproxy.internal.ExchangeReport},
 *       {@link dev.aiproxy.internal.AnswerWatch}, {@link dev.aiproxy.internal.Listeners}.
 *   <li>The request to the upstream: {@link dev.aiproxy.internal.StreamingServlet}, {@link dev.aiproxy.internal.RequestBody},
 *       {@link dev.aiproxy.internal.UpstreamHalf}; in HTTP/1.1 {@link dev.aiproxy.internal.UpstreamCall},
 *       {@link dev.aiproxy.internal.RequestHead}, {@link dev.aiproxy.internal.UpstreamEndPoint}; in HTTP/2
 *       {@link dev.aiproxy.internal.Http2Call}, {@link dev.aiproxy.internal.Http2Attempt},
 *       {@link dev.aiproxy.internal.Http2RequestHead}, {@link dev.aiproxy.internal.Http2Pool}.
 *   <li>Ways to the upstream: {@link dev.aiproxy.internal.Upstreams}, {@link dev.aiproxy.internal.UpstreamRoutes},
 *       {@link dev.aiproxy.internal.UpstreamTls}, {@link dev.aiproxy.internal.CheckedAddresses}; through another proxy
 *       {@link dev.aiproxy.internal.ProxyTransport}.
 *   <li>The response: {@link dev.aiproxy.internal.ResponsePump} reads it; {@link dev.aiproxy.internal.Http1Response} or
 *       {@link dev.aiproxy.internal.Http2Response} writes it, a {@link dev.aiproxy.internal.ClientResponse} both.
 *   <li>Tunnels: {@link dev.aiproxy.internal.TunnelHandler}, {@link dev.aiproxy.internal.ConnectCall},
 *       {@link dev.aiproxy.internal.Tunnel}, {@link dev.aiproxy.internal.UpgradeRules}.
 *   <li>What makes it cheap: {@link dev.aiproxy.internal.SharedSelectors}, {@link dev.aiproxy.internal.SelectedEndPoint},
 *       {@link dev.aiproxy.internal.GatherWriter}, {@link dev.aiproxy.internal.InputBuffers},
 *       {@link dev.aiproxy.internal.StackPool}.
 * </ul>
 */
package dev.aiproxy.internal;
