package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.VlmEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** An engine of which a test sees each call before the engine does. */
final class WatchedEngine {
    private WatchedEngine() {}

    /** What is done before a call; what it throws is thrown instead. */
    interface Watcher {
        void before(String method, Object[] arguments) throws InterruptedException;
    }

    static VlmEngine of(VlmEngine engine, Watcher watcher) {
        return (VlmEngine) Proxy.newProxyInstance(
                WatchedEngine.class.getClassLoader(), new Class<?>[] {VlmEngine.class}, (proxy, method, arguments) -> {
                    watcher.before(method.getName(), arguments);
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
