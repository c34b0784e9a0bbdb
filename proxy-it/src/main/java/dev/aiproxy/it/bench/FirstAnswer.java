package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Whether a proxy that was just started answers yet. */
final class FirstAnswer implements Lane.Listener {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private boolean good;
    private boolean over;

    private FirstAnswer() {}

    static boolean came(Client client, InetSocketAddress proxy) throws IOException {
        FirstAnswer answer = new FirstAnswer();
        try {
            Lane lane = client.connect(proxy, answer);
            lane.send(Request.json());
            client.loop().runUntil(System.nanoTime() + LONGEST_NANOS, () -> answer.over);
            lane.close();
        } catch (IOException notYet) {
            return false;
        }
        return answer.good;
    }

    @Override
    public void answered(Lane lane, long nowNanos) {
        good = true;
        over = true;
    }

    @Override
    public void failed(Lane lane, IOException failure) {
        over = true;
    }
}
