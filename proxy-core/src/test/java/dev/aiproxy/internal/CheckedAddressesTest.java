package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckedAddressesTest {

    private final AtomicInteger lookUps = new AtomicInteger();

    private List<String> resolve(String answers, Target.Reach reach) {
        SocketAddressResolver resolver = (host, port, context, promise) -> {
            lookUps.incrementAndGet();
            promise.succeeded(Arrays.stream(answers.split(" "))
                    .map(address -> address(address, port))
                    .toList());
        };
        CheckedAddresses addresses = new CheckedAddresses(
                resolver, address -> address.getHostString().equals("8.8.4.4"));
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        addresses.resolve("a.example", 443, reach, Promise.from(result::complete, result::completeExceptionally));
        return result.join().stream()
                .map(address -> address.getAddress().getHostAddress())
                .toList();
    }

    private static InetSocketAddress address(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "WILDCARD, 8.8.8.8 1.1.1.1, 8.8.8.8 1.1.1.1",
        "WILDCARD, 127.0.0.1 8.8.8.8 10.0.0.1, 8.8.8.8",
        "WILDCARD, ::1 2606:4700::1111, 2606:4700:0:0:0:0:0:1111",
        "NAMED, 127.0.0.1 8.8.8.8, 127.0.0.1 8.8.8.8",
        "OWN, 169.254.169.254, 169.254.169.254"
    })
    void handsOutWhatMayBeConnectedTo(Target.Reach reach, String answers, String expected) {
        assertThat(resolve(answers, reach)).containsExactly(expected.split(" "));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "WILDCARD, 127.0.0.1 ::1, FORWARD_ADDRESS_NOT_ALLOWED",
        "WILDCARD, 169.254.169.254, FORWARD_ADDRESS_NOT_ALLOWED",
        "WILDCARD, 8.8.8.8 8.8.4.4, REQUEST_LOOP",
        "NAMED, 8.8.4.4, REQUEST_LOOP",
        "OWN, 8.8.4.4, REQUEST_LOOP"
    })
    void handsOutNothingElse(Target.Reach reach, String answers, Failure failure) {
        assertThatThrownBy(() -> resolve(answers, reach))
                .cause()
                .isInstanceOfSatisfying(RefusedAddressException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(failure));
    }

    /** A name whose owner answers otherwise the second time finds nobody who asks. */
    @Test
    void looksANameUpOnce() {
        resolve("8.8.8.8 127.0.0.1", Target.Reach.WILDCARD);

        assertThat(lookUps).hasValue(1);
    }
}
