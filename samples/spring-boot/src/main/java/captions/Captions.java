package captions;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Describes the pictures that are sent to it. */
@SpringBootApplication
public class Captions extends RouteBuilder {
    public static void main(String[] args) {
        SpringApplication.run(Captions.class, args);
    }

    @Override
    public void configure() {
        from("direct:pictures").to("vlm:describe");
    }
}
