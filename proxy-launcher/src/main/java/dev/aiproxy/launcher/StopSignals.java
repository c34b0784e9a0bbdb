package dev.aiproxy.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask a process to end, or to do something else. The JVM itself takes none any more once it has begun to
 * end, so that nobody could say it twice.
 *
 * <p>{@code sun.misc.Signal} is all that Java has for signals, and every JVM has it; but javac warns of the very name, whatever
 * is suppressed, so it is reached by reflection.
 */
final class StopSignals {

    private static final Logger logger = LoggerFactory.getLogger(StopSignals.class);

    private StopSignals() {}

    /**
     * Runs an action whenever a signal comes, on a thread of the JVM's. One that was ignored when the process was started, as
     * by {@code nohup}, still is.
     *
     * @param name such as {@code TERM}
     * @return whether the action will run
     */
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object own = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, running(action));
            Object one = signal.getConstructor(String.class).newInstance(name);
            Object before = signal.getMethod("handle", signal, handler).invoke(null, one, own);
            boolean isIgnored = before == handler.getField("SIG_IGN").get(null);
            if (isIgnored) {
                signal.getMethod("handle", signal, handler).invoke(null, one, before);
            }
            return !isIgnored;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            logger.info("SIG{} is left to the JVM: {}", name, e.toString());
            return false;
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
