package ai.irmb.internal.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.DetectOptions;
import ai.irmb.DetectorSettings;
import ai.irmb.WriteOptions;
import ai.irmb.limit.Limit;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code docs/options.md} is what the commands, the builder and the records say. After a change:
 * {@code mvn test -Dtest=OptionsPageTest -Dirmb.docs=write}.
 */
@Tag("fast")
class OptionsPageTest {
  private static final Path PAGE = Path.of("docs/options.md");
  private static final Path SOURCES = Path.of("src/main/java/ai/irmb");

  @Test
  void pageIsWhatTheCodeSays() throws Exception {
    String written = Files.readString(PAGE, StandardCharsets.UTF_8);
    String page = written;
    page = with(page, "settings", record("DetectorSettings", DetectorSettings.DEFAULTS));
    page = with(page, "builder", builder());
    page = with(page, "detect-options", record("DetectOptions", DetectOptions.DEFAULTS));
    page = with(page, "write-options", record("WriteOptions", WriteOptions.DEFAULTS));
    page = with(page, "limits", limits());
    page = with(page, "commands", commands());
    if ("write".equals(System.getProperty("irmb.docs"))) {
      Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    } else {
      assertEquals(page, written, "run: mvn test -Dtest=OptionsPageTest -Dirmb.docs=write");
    }
  }

  private static String with(String page, String part, String text) {
    String begin = "<!-- " + part + " -->\n";
    int start = page.indexOf(begin) + begin.length();
    int end = page.indexOf("<!-- end -->", start);
    return page.substring(0, start) + text + page.substring(end);
  }

  private static String commands() {
    StringBuilder text = new StringBuilder();
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      if (command.getCommandName().equals("help")) {
        continue;
      }
      text.append("\n### ").append(command.getCommandName()).append("\n\n");
      text.append(String.join(" ", command.getCommandSpec().usageMessage().description()));
      text.append("\n\n| option | what it does |\n|---|---|\n");
      for (PositionalParamSpec each : command.getCommandSpec().positionalParameters()) {
        row(text, each.paramLabel() + (each.arity().max() > 1 ? "..." : ""), each);
      }
      for (OptionSpec each : command.getCommandSpec().options()) {
        if (!each.inherited() && !each.usageHelp() && !each.versionHelp() && !each.hidden()) {
          String value = each.arity().max() == 0 ? "" : " " + each.paramLabel();
          row(text, String.join(", ", each.names()) + value, each);
        }
      }
    }
    return text.append('\n').toString();
  }

  private static void row(StringBuilder text, String name, ArgSpec argument) {
    String description = String.join(" ", argument.description());
    description =
        description
            .replace("${DEFAULT-VALUE}", argument.defaultValueString())
            .replace(
                "${COMPLETION-CANDIDATES}",
                argument.completionCandidates() == null
                    ? ""
                    : String.join(", ", argument.completionCandidates()).toLowerCase(Locale.ROOT));
    text.append("| `").append(name.replace("|", "\\|")).append("` | ");
    text.append(description.replace("|", "\\|"));
    text.append(argument.required() ? " Needed." : "").append(" |\n");
  }

  private static String builder() throws IOException {
    StringBuilder text = new StringBuilder("\n| method | what it does |\n|---|---|\n");
    documentation(SOURCES.resolve("Detector.java"))
        .forEach(
            (name, doc) -> {
              if (name.startsWith("Builder.") && !doc.toString().startsWith("Sets {@link")) {
                text.append("| `").append(name.substring(name.indexOf(' ') + 1)).append("` | ");
                text.append(plain(doc.getFullBody())).append(" |\n");
              }
            });
    return text.append('\n').toString();
  }

  private static String record(String name, Record defaults) throws Exception {
    StringBuilder text = new StringBuilder("\n| component | meaning | default |\n|---|---|---|\n");
    String simple = name.substring(name.lastIndexOf('/') + 1);
    DocCommentTree doc = documentation(SOURCES.resolve(name + ".java")).get(simple);
    Map<String, String> meanings = new LinkedHashMap<>();
    if (doc != null) {
      for (DocTree tag : doc.getBlockTags()) {
        if (tag instanceof ParamTree param) {
          meanings.put(param.getName().toString(), plain(param.getDescription()));
        }
      }
    }
    for (RecordComponent each : defaults.getClass().getRecordComponents()) {
      text.append("| `").append(each.getName()).append("` | ");
      text.append(meanings.get(each.getName())).append(" | ");
      text.append(shown(each.getAccessor().invoke(defaults))).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String limits() throws IOException {
    Map<String, DocCommentTree> docs = documentation(SOURCES.resolve("limit/Limit.java"));
    StringBuilder text =
        new StringBuilder("\n| Java | `--limit` | bounds | default |\n|---|---|---|---|\n");
    for (Limit limit : Limit.values()) {
      text.append("| `").append(limit).append("` | `").append(limit.optionName()).append("` | ");
      text.append(plain(requireNonNull(docs.get(limit.name()), limit.name()).getFullBody()));
      text.append(" | ").append(shown(limit.defaultValue())).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String shown(@Nullable Object value) {
    if (value == null || value.equals(Map.of())) {
      return "none";
    }
    if (value instanceof Record) {
      return "`DEFAULTS`";
    }
    return value instanceof Long || value instanceof Integer
        ? String.format(Locale.ROOT, "%,d", ((Number) value).longValue())
        : String.valueOf(value);
  }

  /** Javadoc as text on one line, with Markdown's code. */
  private static String plain(List<? extends DocTree> tree) {
    return tree.stream()
        .map(Object::toString)
        .collect(Collectors.joining())
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@(?:code|link) #?([^}]*)}", "`$1`")
        .replace("<p>", " ")
        .replace("|", "\\|")
        .trim();
  }

  /**
   * The comments of a file by type name, and of its nested types' public methods as they are
   * called.
   */
  private static Map<String, DocCommentTree> documentation(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, DocCommentTree> comments = new LinkedHashMap<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(null, files, null, List.of(), null, files.getJavaFileObjects(file));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Comments(docs, comments).scan(unit, null);
      }
    }
    return comments;
  }

  private static final class Comments extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees docs;
    private final Map<String, DocCommentTree> found;

    Comments(DocTrees docs, Map<String, DocCommentTree> found) {
      this.docs = docs;
      this.found = found;
    }

    private void put(String name) {
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        found.put(name, comment);
      }
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
      put(tree.getSimpleName().toString());
      return super.visitClass(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void unused) {
      put(tree.getName().toString());
      return super.visitVariable(tree, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
      TreePath parent = getCurrentPath().getParentPath();
      Tree type = parent.getLeaf();
      String owner = type instanceof ClassTree c ? c.getSimpleName().toString() : "";
      String parameters =
          tree.getParameters().stream()
              .map(p -> p.getType() + " " + p.getName())
              .collect(Collectors.joining(", "));
      put(owner + ". " + tree.getName() + "(" + parameters + ")");
      return super.visitMethod(tree, null);
    }
  }
}
