package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The listening socket that systemd opened for this process and passed on as its standard input: what {@code
 * StandardInput=socket} in the unit of a service does that has a socket unit.
 *
 * <p>When Java takes it, it points the other two standard streams to nowhere as well, as inetd's programs expect. So they
 * are joined to the journal anew, by the way systemd itself takes for {@code StandardOutput=journal}.
 */
final class GivenSocket {

    /** Set by the unit, since systemd itself tells nobody of a socket that is standard input. */
    private static final String VARIABLE = "AI_PROXY_SOCKET";

    private static final Path JOURNAL = Path.of("/run/systemd/journal/stdout");

    /**
     * sd_journal_stream_fd(3): identifier, unit (found out by the journal), priority (INFO), whether lines may begin with
     * their own priority, and no forwarding to syslog, kernel log and console.
     */
    private static final String JOURNAL_HEADER = "ai-proxy\n\n6\n1\n0\n0\n0\n";

    private GivenSocket() {}

    /** Takes the socket, if there is one; to be done before anything is printed. */
    static Optional<ServerSocketChannel> take(Map<String, String> environment) {
        if (!"stdin".equals(environment.get(VARIABLE))) {
            return Optional.empty();
        }
        try {
            Channel channel = System.inheritedChannel();
            if (!(channel instanceof ServerSocketChannel socket)) {
                return Optional.empty();
            }
            if (environment.containsKey("JOURNAL_STREAM")) {
                PrintStream journal = openJournal();
                System.setOut(journal);
                System.setErr(journal);
            }
            return Optional.of(socket);
        } catch (IOException e) {
            System.err.println("the socket given by systemd cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static PrintStream openJournal() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(JOURNAL));
        channel.shutdownInput();
        channel.write(ByteBuffer.wrap(JOURNAL_HEADER.getBytes(StandardCharsets.US_ASCII)));
        return new PrintStream(Channels.newOutputStream(channel), true, StandardCharsets.UTF_8);
    }
}
