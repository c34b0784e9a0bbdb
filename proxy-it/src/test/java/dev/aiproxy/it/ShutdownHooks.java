package dev.aiproxy.it;

import dev.aiproxy.ForwardProxy;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A program that embeds the proxy and says which shutdown hooks the JVM has; it needs java.lang to be open. */
final class ShutdownHooks {

    private ShutdownHooks() {}

    public static void main(String... arguments) throws ReflectiveOperationException {
        Set<?> before = hooks();
        ForwardProxy proxy =
                ForwardProxy.builder().listen("127.0.0.1", 0).build().start();
        Set<?> running = hooks();
        proxy.close();
        System.out.printf("hooks before %s, while it runs %s, after %s%n", before, running, hooks());
    }

    private static Set<?> hooks() throws ReflectiveOperationException {
        Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
        hooks.setAccessible(true);
        return ((Map<?, ?>) hooks.get(null))
                .keySet().stream()
                        .map(hook -> hook.getClass().getName())
                        // The JDK's own, which come with the first use of java.util.logging.
                        .filter(name -> !name.startsWith("java."))
                        .collect(Collectors.toSet());
    }
}
