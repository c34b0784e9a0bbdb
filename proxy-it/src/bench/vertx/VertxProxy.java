import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyOptions;
import java.net.URI;
import java.util.List;

/** Vert.x' HTTP proxy, an event loop per processor, without time limits and with room for all streams. */
final class VertxProxy extends VerticleBase {
    private final int port;
    private final URI upstream;
    private final boolean http2Upstream;

    private VertxProxy(int port, URI upstream, boolean http2Upstream) {
        this.port = port;
        this.upstream = upstream;
        this.http2Upstream = http2Upstream;
    }

    /** Takes the port to listen on, the URI to forward to, and the version of HTTP to speak there; clients choose theirs. */
    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        URI upstream = URI.create(arguments[1]);
        boolean http2Upstream = arguments[2].equals("2");
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        vertx.deployVerticle(
                        () -> new VertxProxy(port, upstream, http2Upstream),
                        new DeploymentOptions().setInstances(loops))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    vertx.close();
                });
    }

    @Override
    public Future<?> start() {
        HttpProxy proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client());
        proxy.origin(upstream.getPort(), upstream.getHost());
        return vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(4096))
                .requestHandler(proxy)
                .listen(port, "127.0.0.1");
    }

    /** Trusts what the JVM trusts. */
    private HttpClient client() {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(upstream.getScheme().equals("https"))
                .setKeepAliveTimeout(3600);
        if (http2Upstream) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2));
        }
        return vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(20_000).setHttp2MaxSize(20_000));
    }
}
