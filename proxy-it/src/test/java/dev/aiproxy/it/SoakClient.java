package dev.aiproxy.it;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** One client of a soak: exchange after exchange of any kind, each checked on the spot. For one thread. */
final class SoakClient {
    private static final int SMALLEST_UPLOAD = 256 * 1024;
    private static final int UPLOAD_SPREAD = 768 * 1024;

    private final InetSocketAddress proxy;
    private final SoakLedger ledger;
    private final Random random;
    private RawClient connection;

    SoakClient(InetSocketAddress proxy, SoakLedger ledger, long seed) throws IOException {
        this.proxy = proxy;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.connection = RawClient.connect(proxy);
    }

    void runWhile(BooleanSupplier goesOn) throws IOException {
        while (goesOn.getAsBoolean()) {
            SoakKind kind = SoakKind.any(random);
            String target = ledger.open(kind);
            try {
                exchange(kind, target);
            } catch (IOException | AssertionError failure) {
                ledger.disagree(target, "failed at the client: " + failure);
                ledger.close(target, false);
                reconnect();
            }
        }
        connection.close();
    }

    private void exchange(SoakKind kind, String target) throws IOException {
        switch (kind) {
            case LEAVE, ABORT -> leave(kind, target);
            case TORN -> torn(target);
            case SWALLOWED -> swallowed(target);
            case BAD -> bad(target);
            default -> whole(kind, target);
        }
    }

    private void whole(SoakKind kind, String target) throws IOException {
        int length = kind == SoakKind.UPLOAD ? SMALLEST_UPLOAD + random.nextInt(UPLOAD_SPREAD) : random.nextInt(500);
        RawResponse response = send(target, length).readResponse();
        if (isLostToClosing(response, target)) {
            ledger.lostToClosing(target);
            return;
        }
        String expected =
                kind == SoakKind.STREAM ? allEvents() : "{\"answers\":\"" + target + "\",\"bytes\":" + length + "}";
        if (response.status() != 200
                || response.integrity() != Integrity.WHOLE
                || !response.text().equals(expected)) {
            ledger.disagree(target, "got " + response);
        }
        ledger.close(target, true);
    }

    /** Any kind may meet a connection that CLOSING left behind; unread, it fails without harm. */
    private boolean isLostToClosing(RawResponse response, String target) {
        return response.status() == 502 && response.text().contains("upstream_c") && !ledger.isSeen(target);
    }

    private static String allEvents() {
        StringBuilder events = new StringBuilder();
        for (int number = 1; number <= SoakUpstream.EVENTS; number++) {
            events.append(Answers.event(number));
        }
        return events.toString();
    }

    private RawClient send(String target, int length) throws IOException {
        return connection.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n"
                + "x".repeat(length));
    }

    private void leave(SoakKind kind, String target) throws IOException {
        MessageHead head = send(target, 10).readHead();
        if (head.status() != 200) {
            refusedEarly(head, target);
            return;
        }
        for (int number = random.nextInt(4); number > 0; number--) {
            connection.readChunk();
        }
        if (kind == SoakKind.LEAVE) {
            connection.halfClose();
            connection.readToEnd();
        } else {
            connection.reset();
        }
        ledger.close(target, true);
        reconnect();
    }

    private void torn(String target) throws IOException {
        MessageHead head = send(target, 10).readHead();
        if (head.status() != 200) {
            refusedEarly(head, target);
            return;
        }
        if (connection.readRestOf(head).integrity() == Integrity.WHOLE) {
            ledger.disagree(target, "was torn, and looked whole");
        }
        ledger.close(target, true);
        reconnect();
    }

    private void refusedEarly(MessageHead head, String target) throws IOException {
        RawResponse response = connection.readRestOf(head);
        if (isLostToClosing(response, target)) {
            ledger.lostToClosing(target);
            return;
        }
        ledger.disagree(target, "got " + response);
        ledger.close(target, false);
    }

    private void swallowed(String target) throws IOException {
        RawResponse response = send(target, 10).readResponse();
        if (!response.text().contains("\"upstream_closed\"")) {
            ledger.disagree(target, "was swallowed, and got " + response);
        }
        ledger.close(target, false);
    }

    private void bad(String target) throws IOException {
        RawResponse response = connection
                .send("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")
                .readResponse();
        if (response.status() != 400) {
            ledger.disagree(target, "was malformed, and got " + response);
        }
        ledger.close(target, false);
        reconnect();
    }

    private void reconnect() throws IOException {
        connection.close();
        connection = RawClient.connect(proxy);
    }
}
