package dev.aiproxy.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up on a few threads of its own, once for all that wait for the same name.
 *
 * <p>A look-up blocks and cannot be interrupted: with a name server that does not answer it takes the resolver's own
 * patience, often ten seconds and more. Jetty's resolver gives each a thread of the pool that the whole proxy lives on,
 * and starts its clock only there, so that a hundred such look-ups stop everything.
 *
 * <p>Any thread may call. The map guards itself and what is in it; promises are kept outside of it.
 */
final class AddressLookups extends AbstractLifeCycle implements SocketAddressResolver {

    static final int MOST_THREADS = 16;

    private static final Duration IDLE_THREAD = Duration.ofSeconds(10);
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);

    private final Lookup lookup;
    private final Executor executor;
    private final Scheduler scheduler;
    private final Supplier<Duration> timeout;
    private final Map<String, List<Waiter>> waiting = new HashMap<>();
    private final ThreadPoolExecutor threads;

    /**
     * Starts no thread yet.
     *
     * @param lookup asks the system, and may block for long
     * @param executor for what does not block, where no selector's thread does it
     * @param timeout of one look-up, its wait for a thread included; asked for each
     */
    AddressLookups(Lookup lookup, Executor executor, Scheduler scheduler, Supplier<Duration> timeout) {
        this.lookup = lookup;
        this.executor = executor;
        this.scheduler = scheduler;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                AddressLookups::newThread,
                // Only after the stop, when nobody waits any more.
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "ai-proxy-lookup");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        Waiter waiter = new Waiter(port, promise);
        if (isAddress(host)) {
            // Not at once: a connection that fails before this returns would go into the next from its stack.
            SelectorWork.soon(() -> waiter.tell(ask(host)), executor);
            return;
        }
        waiter.startClock();
        if (isFirst(host, waiter)) {
            threads.execute(() -> lookUp(host));
        }
    }

    /** Whether no name server is needed; the JDK takes whatever has a colon for an address, or for a mistake. */
    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || isIpv4(host);
    }

    static boolean isIpv4(String host) {
        return IPV4.matcher(host).matches();
    }

    private boolean isFirst(String host, Waiter waiter) {
        synchronized (waiting) {
            List<Waiter> others = waiting.get(host);
            if (others != null) {
                others.removeIf(Waiter::isOver);
                others.add(waiter);
                return false;
            }
            waiting.put(host, new ArrayList<>(List.of(waiter)));
            return true;
        }
    }

    private void lookUp(String host) {
        if (!isAbandoned(host)) {
            // Those that come while it runs wait for its answer, too.
            Answer answer = ask(host);
            leave(host).forEach(waiter -> waiter.tell(answer));
        }
    }

    /** Whether all have given up while it waited for a thread. */
    private boolean isAbandoned(String host) {
        synchronized (waiting) {
            boolean isAbandoned = waiting.getOrDefault(host, List.of()).stream().allMatch(Waiter::isOver);
            if (isAbandoned) {
                waiting.remove(host);
            }
            return isAbandoned;
        }
    }

    private List<Waiter> leave(String host) {
        synchronized (waiting) {
            List<Waiter> all = waiting.remove(host);
            return all == null ? List.of() : all;
        }
    }

    private Answer ask(String host) {
        try {
            return new Answer(List.of(lookup.addressesOf(host)), null);
        } catch (UnknownHostException | RuntimeException failure) {
            return new Answer(List.of(), failure);
        }
    }

    @Override
    protected void doStop() {
        threads.shutdownNow();
    }

    /** Asks the system for the addresses of a name, as {@link InetAddress#getAllByName} does. */
    interface Lookup {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    /**
     * What the system said.
     *
     * @param failure why there are no addresses
     */
    private record Answer(
            List<InetAddress> addresses, @Nullable Throwable failure) {}

    /** One who waits for an answer, and is told once. */
    private final class Waiter {
        private final int port;
        private final Promise<List<InetSocketAddress>> promise;
        private final AtomicBoolean isOver = new AtomicBoolean();
        private volatile Scheduler.@Nullable Task clock;

        Waiter(int port, Promise<List<InetSocketAddress>> promise) {
            this.port = port;
            this.promise = SelectorWork.keepingSelector(promise);
        }

        void startClock() {
            clock = scheduler.schedule(this::giveUp, timeout.get().toMillis(), TimeUnit.MILLISECONDS);
        }

        boolean isOver() {
            return isOver.get();
        }

        private void giveUp() {
            tell(new Answer(List.of(), new TimeoutException("no answer to a name look-up in time")));
        }

        void tell(Answer answer) {
            if (!isOver.compareAndSet(false, true)) {
                return;
            }
            Scheduler.Task running = clock;
            if (running != null) {
                running.cancel();
            }
            if (answer.failure() != null) {
                promise.failed(answer.failure());
                return;
            }
            promise.succeeded(answer.addresses().stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList());
        }
    }
}
