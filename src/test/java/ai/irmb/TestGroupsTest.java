package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test class has one tag, so that CONTRIBUTING's commands run every test once. */
@Tag("fast")
class TestGroupsTest {
  private static final Set<String> GROUPS = Set.of("fast", "engine", "reference", "long", "gpu");
  private static final Set<String> JUPITER =
      Set.of("Test", "TestFactory", "ParameterizedTest", "FuzzTest");
  private static final Set<String> JQWIK = Set.of("Property", "Example");

  @Test
  void everyTestClassHasOneTag() {
    Map<String, Set<String>> wrong = new TreeMap<>();
    for (JavaClass c : new ClassFileImporter().importPackages("ai.irmb", "example")) {
      check(c, JUPITER, "org.junit.jupiter.api.Tag", wrong);
      check(c, JQWIK, "net.jqwik.api.Tag", wrong);
    }
    assertEquals(Map.of(), wrong);
  }

  private static void check(
      JavaClass c, Set<String> annotations, String tag, Map<String, Set<String>> wrong) {
    boolean hasTests =
        c.getAllMethods().stream().anyMatch(method -> isAnnotated(method, annotations));
    if (!hasTests || c.getModifiers().contains(JavaModifier.ABSTRACT)) {
      return;
    }
    JavaClass tagged = outermost(c);
    Set<String> tags = new TreeSet<>();
    tagged.getAnnotations().stream()
        .filter(a -> a.getRawType().getName().equals(tag))
        .forEach(a -> tags.add(String.valueOf(a.get("value").orElse(""))));
    if (tags.size() != 1 || !GROUPS.containsAll(tags)) {
      wrong.put(tagged.getName() + " " + tag, tags);
    }
  }

  private static boolean isAnnotated(JavaMethod method, Set<String> annotations) {
    return method.getAnnotations().stream()
        .anyMatch(a -> annotations.contains(a.getRawType().getSimpleName()));
  }

  /** A nested class has the tag of its outer class. */
  private static JavaClass outermost(JavaClass c) {
    return c.getEnclosingClass().map(TestGroupsTest::outermost).orElse(c);
  }
}
