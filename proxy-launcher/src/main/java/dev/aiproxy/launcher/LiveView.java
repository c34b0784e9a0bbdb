package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what is to be shown of the traffic while it goes on: a listener for what happens, and a look once a second at what
 * is in flight.
 *
 * <p>The threads that move bytes only count, and put a reference away; nothing makes them wait. What is kept is bounded:
 * a few hundred bytes for each stream in flight, a hundred exchanges that have ended, 15 minutes of figures.
 */
final class LiveView implements ExchangeListener, AutoCloseable {

    /** Of those in flight; nobody reads more, and a thousand rows a second would cost those who look. */
    static final int MOST_ROWS = 200;

    private static final Logger logger = LoggerFactory.getLogger(LiveView.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final Instant startedAt = Instant.now();
    private final LiveHistory history = new LiveHistory();
    private final LastEnds ends = new LastEnds();
    private final TargetHealth health = new TargetHealth();
    private final Map<Long, StreamTrack> tracks = new ConcurrentHashMap<>();
    private final Map<Verdict, LongAdder> verdicts = new EnumMap<>(Verdict.class);
    private final LongAdder inputTokens = new LongAdder();
    private final LongAdder outputTokens = new LongAdder();
    private final LongAdder tokenEvents = new LongAdder();
    private final Rate requestRate = new Rate();
    private final Rate tokenRate = new Rate();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(LiveView::thread);
    private volatile double requestsPerSecond;
    private volatile double tokensPerSecond;
    private long stepEndsAt = System.nanoTime() + LiveHistory.STEP.toNanos();
    private boolean hasFailed;

    /** A view of nothing yet. */
    LiveView() {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "live-view");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Looks from now on.
     *
     * @param afterEach called after each look, on the thread that looks; must not block
     */
    void start(Watched proxy, Runnable afterEach) {
        // Not at a fixed rate: after a stall the looks that were missed would come at once, and each be one of a
        // second.
        looks.scheduleWithFixedDelay(
                () -> lookAndGoOn(proxy, afterEach), LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** An executor forgets what has failed once. */
    private void lookAndGoOn(Watched proxy, Runnable afterEach) {
        try {
            look(proxy);
            afterEach.run();
        } catch (RuntimeException e) {
            if (!hasFailed) {
                hasFailed = true;
                logger.warn("the live view has failed; told once", e);
            }
        }
    }

    /** A second has passed. For one thread. */
    void look(Watched proxy) {
        int inFlight = 0;
        for (ExchangeProgress progress : proxy.progress()) {
            inFlight++;
            StreamTrack track = tracks.get(progress.exchange().id());
            if (track != null && progress.answer().isPresent()) {
                tokenEvents.add(track.secondPassed(progress.answer().get(), history));
            }
        }
        long now = System.nanoTime();
        requestRate.see(now, proxy.stats().requests());
        tokenRate.see(now, tokenEvents.sum());
        requestsPerSecond = requestRate.perSecond();
        tokensPerSecond = tokenRate.perSecond();
        // Looks come a little early or late, and a step must not end up with one more than the next.
        if (now - stepEndsAt >= -Duration.ofMillis(LOOK_EVERY_MILLIS / 2).toNanos()) {
            stepEndsAt = Math.max(stepEndsAt, now - LiveHistory.STEP.toNanos()) + LiveHistory.STEP.toNanos();
            history.close(Instant.now(), inFlight);
        }
    }

    @Override
    public void onRequest(Exchange exchange) {
        history.onRequest();
    }

    @Override
    public void onFirstToken(Exchange exchange) {
        tracks.put(exchange.id(), new StreamTrack());
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        StreamTrack track = tracks.remove(end.exchange().id());
        end.answer().ifPresent(answer -> count(answer, track == null ? new StreamTrack() : track));
        end.verdict().ifPresent(verdict -> verdicts.get(verdict).increment());
        history.onEnd(end);
        health.onEnd(end);
        ends.add(LastEnds.shortened(end));
    }

    private void count(AiAnswer answer, StreamTrack track) {
        tokenEvents.add(track.end(answer, history));
        answer.inputTokens().ifPresent(inputTokens::add);
        answer.outputTokens().ifPresent(outputTokens::add);
    }

    /** What there is to be seen now. */
    LiveSnapshot snapshot(Watched proxy) {
        List<ExchangeProgress> inFlight = proxy.progress();
        return new LiveSnapshot(
                Instant.now(),
                new LiveSnapshot.Program(Version.ofProgram(), startedAt, proxy.targetText(), proxy.baseUris()),
                totals(proxy, inFlight.size()),
                rows(inFlight),
                ends.newestFirst(),
                history.steps(),
                health.report(),
                ConfigCommand.shown(proxy.settings()).toList());
    }

    private LiveSnapshot.Totals totals(Watched proxy, int inFlight) {
        Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
        verdicts.forEach((verdict, count) -> counts.put(verdict, count.sum()));
        return new LiveSnapshot.Totals(
                inFlight,
                proxy.stats(),
                counts,
                inputTokens.sum(),
                outputTokens.sum(),
                tokenEvents.sum(),
                requestsPerSecond,
                tokensPerSecond);
    }

    /** The oldest, since they may hang, and the youngest, since they are new. */
    private List<LiveSnapshot.Row> rows(List<ExchangeProgress> inFlight) {
        List<LiveSnapshot.Row> rows = new ArrayList<>(Math.min(inFlight.size(), MOST_ROWS));
        int half = MOST_ROWS / 2;
        for (int at = 0; at < inFlight.size(); at++) {
            if (inFlight.size() <= MOST_ROWS || at < half || at >= inFlight.size() - half) {
                rows.add(row(inFlight.get(at)));
            }
        }
        return rows;
    }

    private LiveSnapshot.Row row(ExchangeProgress progress) {
        Optional<StreamTrack> track =
                Optional.ofNullable(tracks.get(progress.exchange().id()));
        return new LiveSnapshot.Row(
                shortened(progress), track.map(StreamTrack::perSecond).orElse(List.of()));
    }

    private static ExchangeProgress shortened(ExchangeProgress progress) {
        return new ExchangeProgress(
                LastEnds.shortened(progress.exchange()),
                progress.age(),
                progress.status(),
                progress.requestBytes(),
                progress.responseBytes(),
                progress.queueTime(),
                progress.connectTime(),
                progress.timeToFirstByte(),
                progress.timeToLastByte(),
                progress.answer());
    }

    /** Looks no more. */
    @Override
    public void close() {
        looks.shutdownNow();
    }
}
