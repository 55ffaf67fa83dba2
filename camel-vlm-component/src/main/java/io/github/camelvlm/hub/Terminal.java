package io.github.camelvlm.hub;

import java.io.Console;

/** The terminal that this process writes to, if it does. */
public final class Terminal {
    /** Goes to the start of the line and empties it. */
    public static final String CLEAR_LINE = "\r\u001B[K";

    private Terminal() {}

    /** Whether a person sees what is written to standard output, on a terminal where a line can be written over. */
    public static boolean isThere() {
        String kind = System.getenv("TERM");
        return kind != null && !kind.equals("dumb") && isInteractive(System.console());
    }

    private static boolean isInteractive(Console console) {
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console without a terminal too, and this method.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
