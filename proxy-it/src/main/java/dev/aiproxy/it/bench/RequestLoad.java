package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The same request again and again on kept lanes: at a fixed rate, or, without one, as fast as answers come.
 */
final class RequestLoad implements AutoCloseable, Lane.Listener {
    private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Client client;
    private final Request request;
    private final long gapNanos;
    private final List<Lane> lanes = new ArrayList<>();
    private final Deque<Lane> idle = new ArrayDeque<>();
    private final Pacer pacer = new Pacer();
    private Samples latencies = new Samples();
    private boolean running;
    private final FailureCount failures = new FailureCount("exchange");

    private RequestLoad(Client client, Request request, long gapNanos) {
        this.client = client;
        this.request = request;
        this.gapNanos = gapNanos;
    }

    /** Never more requests at once than lanes; a rate of 0 means as fast as answers come. */
    static RequestLoad open(Client client, InetSocketAddress proxy, Request request, int lanes, long requestsPerSecond)
            throws IOException {
        long gapNanos = requestsPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / requestsPerSecond;
        RequestLoad load = new RequestLoad(client, request, gapNanos);
        for (int opened = 0; opened < lanes; opened++) {
            load.lanes.add(client.connect(proxy, load));
        }
        load.idle.addAll(load.lanes);
        return load;
    }

    /** The latencies of the requests answered from now on until so long. */
    Samples record(long nanos) throws IOException {
        latencies = new Samples();
        start();
        client.loop().runFor(nanos);
        return latencies;
    }

    private void start() throws IOException {
        if (running) {
            return;
        }
        running = true;
        if (gapNanos > 0) {
            client.loop().schedule(pacer, System.nanoTime());
            return;
        }
        while (!idle.isEmpty()) {
            idle.poll().send(request);
        }
    }

    @Override
    public void answered(Lane lane, long nowNanos) throws IOException {
        latencies.add(nowNanos - lane.sentNanos());
        if (running && gapNanos == 0) {
            lane.send(request);
            return;
        }
        idle.add(lane);
    }

    @Override
    public void failed(Lane lane, IOException failure) {
        failures.add(failure);
        lanes.remove(lane);
        idle.remove(lane);
    }

    /** What went wrong first, and how often something did; empty if nothing. */
    String failures() {
        return failures.text();
    }

    /** Lets what is under way end first. */
    @Override
    public void close() throws IOException {
        running = false;
        client.loop().cancel(pacer);
        client.loop().runUntil(System.nanoTime() + LONGEST_END_NANOS, () -> idle.size() >= lanes.size());
        for (Lane lane : lanes) {
            lane.close();
        }
    }

    /** Sends one request per gap, if a lane is free. */
    private final class Pacer extends EventLoop.Timer {
        @Override
        void expired(long nowNanos) throws IOException {
            Lane lane = idle.poll();
            if (lane != null) {
                lane.send(request);
            }
            client.loop().schedule(this, Math.max(dueNanos() + gapNanos, nowNanos - TimeUnit.MILLISECONDS.toNanos(5)));
        }
    }
}
