package dev.aiproxy.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask a process to end. The JVM itself takes none any more once it has begun to, so that nobody could say
 * it twice.
 *
 * <p>{@code sun.misc.Signal} is all that Java has for signals, and every JVM has it; but javac warns of the very name, whatever
 * is suppressed, so it is reached by reflection.
 */
final class StopSignals {

    private static final Logger logger = LoggerFactory.getLogger(StopSignals.class);
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private StopSignals() {}

    /**
     * Runs an action for each of them, on a thread of the JVM's. One that was ignored when the process was started, as by
     * {@code nohup}, still is.
     */
    static void onEach(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (String name : NAMES) {
                Object own =
                        Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, running(action));
                Object one = signal.getConstructor(String.class).newInstance(name);
                Object before = signal.getMethod("handle", signal, handler).invoke(null, one, own);
                if (before == handler.getField("SIG_IGN").get(null)) {
                    signal.getMethod("handle", signal, handler).invoke(null, one, before);
                }
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            logger.info("signals are left to the JVM, so a second one has no effect: {}", e.toString());
        }
    }

    private static InvocationHandler running(Runnable action) {
        return (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "stop signal";
        };
    }
}
