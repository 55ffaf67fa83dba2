package io.github.camelvlm.memory;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Run in a JVM of its own: asks one of several models after the other, of which only one has room, and prints the process's
 * resident size now and then.
 */
final class AskInTurn {
    private AskInTurn() {}

    /** Arguments: the models by their names, the memory that they may take, and after how many questions to print. */
    public static void main(String[] args) throws Exception {
        String uri = "vlm:chat?device=cpu&threads=1&dtype=float32&maxSequences=1&contextLength=256&models=" + args[0]
                + "&modelMemory=" + args[1];
        List<String> names = List.of(args[0].replaceAll("=[^,]*", "").split(","));
        CamelContext context = new DefaultCamelContext();
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        int asked = 0;
        for (int i = 2; i < args.length; i++) {
            for (; asked < Integer.parseInt(args[i]); asked++) {
                String name = names.get(asked % names.size());
                template.requestBody(
                        uri,
                        "{\"model\": \"" + name + "\", \"max_tokens\": 2, \"messages\": [{\"role\": \"user\","
                                + " \"content\": \"Hi\"}]}",
                        String.class);
            }
            System.out.println("resident " + DescribeMany.residentBytes());
        }
        context.stop();
    }
}
