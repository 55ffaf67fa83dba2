package io.github.camelvlm.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The BOM has no parent, so that it brings no project the libraries of our tests; its versions are those of the build. */
class BomTest {
    private static final File BOM = new File("bom/pom.xml");
    private static final File PARENT = new File("../pom.xml");

    @Test
    void namesTheVersionsThatTheBuildHas() throws Exception {
        Map<String, String> built = properties(PARENT);

        assertThat(properties(BOM))
                .isNotEmpty()
                .allSatisfy((name, value) -> assertThat(value).as(name).isEqualTo(built.get(name)));
        assertThat(version(BOM)).isEqualTo(version(PARENT));
    }

    @Test
    void namesEveryArtifactThatOthersDependOn() throws Exception {
        NodeList names = project(BOM).getElementsByTagName("artifactId");

        assertThat(IntStream.range(0, names.getLength())
                        .mapToObj(i -> names.item(i).getTextContent()))
                .contains(
                        text(new File("pom.xml"), "artifactId"),
                        text(new File("spring-boot-starter/pom.xml"), "artifactId"));
    }

    private static Element project(File pom) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(pom)
                .getDocumentElement();
    }

    private static String version(File pom) throws Exception {
        return text(pom, "version");
    }

    private static String text(File pom, String name) throws Exception {
        return child(project(pom), name).getTextContent();
    }

    private static Map<String, String> properties(File pom) throws Exception {
        Map<String, String> properties = new LinkedHashMap<>();
        NodeList children = child(project(pom), "properties").getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element property) {
                properties.put(property.getTagName(), property.getTextContent());
            }
        }
        return properties;
    }

    private static Node child(Element element, String name) {
        NodeList children = element.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element child && child.getTagName().equals(name)) {
                return child;
            }
        }
        throw new AssertionError(element.getTagName() + " has no " + name);
    }
}
