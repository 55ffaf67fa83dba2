package io.github.camelvlm.registry;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.engine.EngineOptions;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of an engine in which two endpoints that share it differ, whichever options an engine has. */
final class OptionDifference {
    private OptionDifference() {}

    /**
     * Lets two endpoints share an engine only if they want the same.
     *
     * @param loaded what it was loaded with
     * @param asked what another endpoint says
     * @throws ModelLoadException if they differ; it names the options, and the values of each
     */
    static void refuse(EngineOptions loaded, EngineOptions asked) {
        refuse("the engine of " + loaded.directory(), loaded, asked);
    }

    /**
     * The same of whatever is shared.
     *
     * @param what names it
     * @param loaded its options, of the same class as the others
     */
    static void refuse(String what, Record loaded, Record asked) {
        List<RecordComponent> different = Stream.of(loaded.getClass().getRecordComponents())
                .filter(option -> !Objects.equals(value(option, loaded), value(option, asked)))
                .toList();
        if (!different.isEmpty()) {
            throw new ModelLoadException("Two endpoints share " + what
                    + " but not its settings: one says " + values(different, loaded) + ", the other "
                    + values(different, asked) + ". Set the option "
                    + different.stream().map(OptionDifference::name).collect(Collectors.joining(" and the option "))
                    + " alike, or once on the component");
        }
    }

    private static String values(List<RecordComponent> options, Record of) {
        return options.stream()
                .map(option -> name(option) + "=" + written(value(option, of)))
                .collect(Collectors.joining(" and "));
    }

    /** As the option is called. */
    private static String name(RecordComponent option) {
        return option.getName().equals("name") ? "model" : option.getName();
    }

    private static Object written(Object value) {
        return value instanceof Duration duration ? duration.toMillis() : value;
    }

    private static Object value(RecordComponent option, Record of) {
        try {
            return option.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A public record can be read", e);
        }
    }
}
