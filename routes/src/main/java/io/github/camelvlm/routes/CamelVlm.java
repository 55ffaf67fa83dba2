package io.github.camelvlm.routes;

import io.github.camelvlm.hub.Terminal;
import io.github.camelvlm.routes.command.ApplicationCommand;
import io.github.camelvlm.routes.report.OptionNames;
import io.github.camelvlm.routes.start.LogFormat;
import io.github.camelvlm.routes.start.PropertyArgument;
import io.github.camelvlm.routes.start.StartFailure;
import io.github.camelvlm.routes.start.StartListener;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * The application. Its routes and properties are resources; a property is taken from the command line, else the
 * environment, else {@code application.properties} in the working directory, else the one in the jar.
 */
public final class CamelVlm {
    private CamelVlm() {}

    /**
     * Runs until the process is asked to stop. Ends with exit code 1 and one message if it cannot start.
     *
     * @param arguments properties, written {@code name=value} or {@code --name=value}; or a command line, see
     *     {@link ApplicationCommand}
     */
    public static void main(String[] arguments) throws Exception {
        boolean isCommand = ApplicationCommand.isMeantBy(arguments);
        Main main = null;
        try {
            if (!isCommand) {
                for (String argument : arguments) {
                    PropertyArgument.set(argument);
                }
            }
            // Before the first logger is made; see log4j2.properties.
            LogFormat.apply();
            if (isCommand) {
                // Standard output is for captions.
                System.setProperty("camel-vlm.log-target", "SYSTEM_ERR");
                System.setProperty("camel-vlm.camel-level", "warn");
                System.exit(ApplicationCommand.run(arguments));
            }
            if (Terminal.isThere()) {
                System.setProperty("camel-vlm.line-start", Terminal.CLEAR_LINE);
            }
            LogFormat.takeTheLogsOfOthers();
            main = new Main();
            StartListener.addTo(main);
            main.run();
        } catch (Exception e) {
            LogFormat.tellFailure("camel-vlm cannot start: " + reason(e, main));
            System.exit(1);
        } catch (Error e) {
            LogFormat.tellFailure("camel-vlm cannot start: " + reason(e, main));
            // Camel stops nothing after an error, and the hook of an exit would wait for it: the process would hang.
            Runtime.getRuntime().halt(1);
        }
        System.exit(main.getExitCode());
    }

    /** In routes of the user's own, options are called by their own names. */
    private static String reason(Throwable failure, Main main) {
        String reason = StartFailure.message(failure);
        CamelContext context = main == null ? null : main.getCamelContext();
        boolean areRoutesOwn =
                context != null && StartListener.namedRoutes(context).isPresent();
        return areRoutesOwn ? reason : OptionNames.in(reason);
    }
}
