import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** Spring Cloud Gateway on Netty as it comes: no time limit ends a stream, and its pool has room for all. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SpringGateway {
    /** Takes the port to listen on, the URI to forward to, and the versions of HTTP to speak there and with clients. */
    public static void main(String[] arguments) {
        String route = "--spring.cloud.gateway.server.webflux.routes[0].";
        SpringApplication.run(
                SpringGateway.class,
                "--server.address=127.0.0.1",
                "--server.port=" + arguments[0],
                "--server.http2.enabled=" + arguments[3].equals("2"),
                route + "id=all",
                route + "uri=" + arguments[1],
                route + "predicates[0]=Path=/**",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn");
    }
}
