package io.github.camelvlm.routes.start;

import io.github.camelvlm.routes.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the environment in its place among the properties, checks those that must be set, and tells what is watched. */
public final class StartListener extends MainListenerSupport {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private static final List<String> ALWAYS = List.of("openai", "folder", "page");
    private static final Map<String, List<String>> SWITCHED =
            Map.of("s3", List.of("s3"), "queue", List.of("queue-message", "queue"));

    /** Says where properties come from, and what is checked before the routes start. */
    public static void addTo(Main main) {
        main.setPropertyPlaceholderLocations(PropertySources.LOCATIONS);
        main.addMainListener(new StartListener());
        Telemetry.addTo(main);
    }

    @Override
    public void beforeInitialize(BaseMainSupport main) {
        PropertySources.addEnvironment(main.getCamelContext());
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        PropertySources.warnings(context).forEach(LOG::warn);
        new PropertyCheck().require(name -> value(context, name));
        String engine = value(context, "vlm.engine").strip();
        if (engine.matches("remote|auto") && value(context, "vlm.base-url").isBlank()) {
            throw new IllegalArgumentException(
                    "vlm.engine is " + engine + ", but no server is named. Set VLM_BASE_URL, or"
                            + " vlm.base-url in application.properties or as --vlm.base-url=URL, to the URLs of servers, such as"
                            + " http://gpu1:8000/v1");
        }
        if (!engine.equals("remote")
                && value(context, "vlm.model").isBlank()
                && value(context, "vlm.models").isBlank()) {
            throw new IllegalArgumentException("no model is named. Set VLM_MODEL, or vlm.model in"
                    + " application.properties or as --vlm.model=DIRECTORY, to the directory of a Qwen-VL model, such"
                    + " as samples/models/shapes-vl, or to its name on the Hugging Face Hub, such as"
                    + " Qwen/Qwen2-VL-2B-Instruct");
        }
        Optional<String> named = namedRoutes(context);
        if (named.isEmpty() && main.configure().isRoutesCollectorEnabled()) {
            new ListenAddress(
                            value(context, "api.host").strip(),
                            value(context, "api.port").strip())
                    .requireUsable();
        }
        if (named.isEmpty() && isTrue(context, "vlm.folder")) {
            requireFourFolders(context);
        }
        main.configure().withRoutesIncludePattern(named.orElseGet(() -> ownRoutes(context)));
    }

    /** The routes that the user names instead of the application's. Camel itself heeds the second name too late: by then it has made the beans of all routes in the jar. */
    public static Optional<String> namedRoutes(CamelContext context) {
        return Stream.of("camel.main.routesIncludePattern", "camel.main.routes-include-pattern")
                .flatMap(name -> context.getPropertiesComponent().resolveProperty(name).stream())
                .findFirst();
    }

    /** Those that are switched off are not even loaded, since their beans need properties that are not set then. */
    private static String ownRoutes(CamelContext context) {
        Stream<String> switchedOn = SWITCHED.entrySet().stream()
                .filter(route -> isTrue(context, "vlm." + route.getKey()))
                .flatMap(route -> route.getValue().stream());
        return Stream.concat(ALWAYS.stream(), switchedOn)
                .map(route -> "classpath:camel/" + route + ".camel.yaml")
                .collect(Collectors.joining(","));
    }

    /** Captions in the inbox would be taken for pictures, and pictures that are done would be described for ever. */
    private static void requireFourFolders(CamelContext context) {
        Map<Path, String> names = new LinkedHashMap<>();
        for (String name : new String[] {"vlm.inbox", "vlm.captions", "vlm.done", "vlm.failed"}) {
            Path folder = folder(context, name);
            String other = names.put(folder, name);
            if (other != null) {
                throw new IllegalArgumentException(
                        other + " and " + name + " are both " + folder + ": give each a folder of its own");
            }
            requireUsableInUri(folder, name);
            requireWritable(folder, name);
        }
        if (isTrue(context, "vlm.sub-folders")) {
            requireNoneInTheInbox(names);
        }
    }

    private static void requireNoneInTheInbox(Map<Path, String> names) {
        Path inbox = names.keySet().iterator().next();
        names.forEach((folder, name) -> {
            if (folder.startsWith(inbox) && !folder.equals(inbox)) {
                throw new IllegalArgumentException(
                        name + " is " + folder + ", a sub-folder of vlm.inbox, where it would"
                                + " be watched too: name a folder elsewhere, or set vlm.sub-folders=false");
            }
        });
    }

    /** The route names folders in URIs, where these characters would silently name another folder. */
    private static void requireUsableInUri(Path folder, String name) {
        if (folder.toString().contains("?") || folder.toString().contains("%")) {
            throw new IllegalArgumentException(
                    name + " is " + folder + ": name a folder whose path has neither ? nor %");
        }
    }

    private static void requireWritable(Path folder, String name) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    name + " is " + folder + ", and this folder cannot be made: make it yourself, or name another");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException(name + " is " + folder
                    + ", and nothing can be written there: change its permissions, or name another");
        }
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        new StartSummary(main.getCamelContext()).log();
    }

    private static boolean isTrue(CamelContext context, String name) {
        return Boolean.parseBoolean(value(context, name).strip());
    }

    private static Path folder(CamelContext context, String name) {
        return Path.of(value(context, name)).toAbsolutePath().normalize();
    }

    private static String value(CamelContext context, String name) {
        try {
            return context.resolvePropertyPlaceholders("{{" + name + "}}");
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
