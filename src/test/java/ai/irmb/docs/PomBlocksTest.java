package ai.irmb.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.docs.MarkdownFile.Block;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The {@code xml} blocks of the documentation have the versions of the build. */
@Tag("fast")
class PomBlocksTest {
  private static final List<String> NATIVES =
      List.of("pytorch-native-cpu", "pytorch-native-cu124", "pytorch-native-cu121");

  @Test
  void versionsMatchTheBuild() throws Exception {
    Element pom = parse(Path.of("pom.xml").toUri().toString(), null);
    Map<String, String> own = new HashMap<>();
    own.put("irmb-detector", child(pom, "version"));
    Map<String, String> current = versions(only(pom, "properties"), "current");
    Map<String, String> cuda = versions(only(pom, "properties"), "cuda");
    Map<String, String> olderCuda = versions(only(pom, "properties"), "cuda121");
    List<String> wrong = new ArrayList<>();
    int blocks = 0;
    for (MarkdownFile page : MarkdownFile.all()) {
      for (Block block : page.blocks()) {
        if (!block.language().equals("xml")) {
          continue;
        }
        String text = String.join("\n", block.text());
        Element root = parse("", "<block>" + text + "</block>");
        Map<String, String> pair =
            text.contains("cu121") ? olderCuda : text.contains("cu124") ? cuda : current;
        for (Element each : all(root, "dependency")) {
          String artifact = child(each, "artifactId");
          String expected = own.getOrDefault(artifact, pair.getOrDefault(artifact, ""));
          blocks++;
          if (!child(each, "version").equals(expected)) {
            wrong.add(block + ": " + artifact + ": expected " + expected);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(blocks >= 6, "found only " + blocks);
  }

  /** {@return the versions by artifact, from the properties with this suffix} */
  private static Map<String, String> versions(Element properties, String suffix) {
    String djl = child(properties, "djl." + suffix);
    String pytorch = child(properties, "pytorch." + suffix);
    Map<String, String> versions =
        new HashMap<>(
            Map.of("api", djl, "pytorch-engine", djl, "pytorch-jni", pytorch + "-" + djl));
    NATIVES.forEach(each -> versions.put(each, pytorch));
    return versions;
  }

  private static Element parse(String uri, @Nullable String text) throws Exception {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    InputSource source =
        text == null ? new InputSource(uri) : new InputSource(new StringReader(text));
    return builder.parse(source).getDocumentElement();
  }

  private static List<Element> all(Element in, String name) {
    NodeList nodes = in.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static Element only(Element in, String name) {
    for (Node n = in.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    throw new AssertionError("there is no " + name + " in " + in.getTagName());
  }

  private static String child(Element in, String name) {
    return Objects.requireNonNull(only(in, name).getTextContent()).trim();
  }
}
