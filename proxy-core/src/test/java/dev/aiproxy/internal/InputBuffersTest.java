package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

final class InputBuffersTest {

    @Test
    void holdMoreThanATlsRecord() throws NoSuchAlgorithmException {
        int recordBytes = SSLContext.getDefault().createSSLEngine().getSession().getApplicationBufferSize();

        assertThat(ProxyServer.TLS_INPUT_BUFFER_BYTES).isGreaterThan(recordBytes);
    }
}
