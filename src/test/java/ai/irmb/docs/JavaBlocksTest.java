package ai.irmb.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Detector;
import ai.irmb.docs.MarkdownFile.Block;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles and runs every {@code java} block of the documentation with the model and image that
 * ship.
 *
 * <p>A block is the body of a method with the variables {@code image}, {@code weights} and {@code
 * folder} (an empty one), each a {@code Path}, {@code config}, the name of the model's YAML, {@code
 * rgbImage}, an {@code RgbImage}, and a {@code detector}; or, if it begins with {@code import},
 * {@code package} or a type, a file of its own, whose {@code main} is run if it has one. An HTML
 * comment right above it may say {@code replace A with B}, for what only a reader has, or {@code
 * tested by T}, a test that reads the page.
 */
@Tag("engine")
class JavaBlocksTest {
  private static final String IMPORTS =
      """
      import ai.irmb.*;
      import ai.irmb.draw.*;
      import ai.irmb.error.*;
      import ai.irmb.format.*;
      import ai.irmb.image.*;
      import ai.irmb.limit.*;
      import ai.irmb.track.*;
      import java.io.*;
      import java.nio.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  private static final Detector DETECTOR = Detector.load(Path.of("models/bccd-yolov5n_iRMB.pt"));

  @TempDir private Path folder = Path.of("");

  @AfterAll
  static void close() {
    DETECTOR.close();
  }

  static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (MarkdownFile page : MarkdownFile.all()) {
      for (Block block : page.blocks()) {
        if (block.language().equals("java") && !isTestedElsewhere(page, block)) {
          blocks.add(block);
        }
      }
    }
    return blocks;
  }

  private static boolean isTestedElsewhere(MarkdownFile page, Block block) throws IOException {
    if (!block.mark().startsWith("tested by ")) {
      return false;
    }
    String test = block.mark().substring("tested by ".length()) + ".java";
    String name = String.valueOf(page.path().getFileName());
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path file = files.filter(f -> f.endsWith(test)).findFirst().orElseThrow();
      assertTrue(Files.readString(file).contains(name), test + " does not read " + name);
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void compilesAndRuns(Block block) throws Exception {
    String text = replaced(block);
    boolean file =
        text.lines()
            .findFirst()
            .orElse("")
            .matches("(import|package|public|final|class|record) .*");
    Class<?> type = compile(file ? text : method(text), file);
    Path weights = Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath();
    Path image = Path.of("models/sample/blood-cells.jpg").toAbsolutePath();
    try {
      if (!file) {
        set(type, "image", image);
        set(type, "weights", weights);
        set(type, "config", config());
        set(type, "folder", Files.createDirectory(folder.resolve("made")));
        set(type, "rgbImage", RgbImage.read(image));
        set(type, "detector", DETECTOR);
        Method run = type.getDeclaredMethod("run");
        run.setAccessible(true);
        run.invoke(null);
      } else if (text.contains("void main(String[] args)")) {
        Method main = type.getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) new String[] {weights.toString(), image.toString()});
      }
    } catch (InvocationTargetException e) {
      throw new AssertionError(block + " failed: " + e.getCause(), e.getCause());
    }
  }

  private static void set(Class<?> type, String field, Object value) throws Exception {
    Field found = type.getDeclaredField(field);
    found.setAccessible(true);
    found.set(null, value);
  }

  /** The network of the shipped model as a YAML file, as a user who trained it has one. */
  private String config() throws IOException {
    String coco = Files.readString(Path.of("configs/yolov5n_iRMB.yaml"), StandardCharsets.UTF_8);
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, coco.replaceFirst("nc: *80", "nc: 3"), StandardCharsets.UTF_8);
    return own.toString();
  }

  private static String replaced(Block block) {
    String text = String.join("\n", block.text());
    if (block.mark().startsWith("replace ")) {
      String[] parts = block.mark().substring(8).split(" with ", -1);
      assertTrue(parts.length == 2 && text.contains(parts[0]), block + ": " + block.mark());
      return text.replace(parts[0], parts[1]);
    }
    return text;
  }

  private static String method(String body) {
    return IMPORTS
        + "final class Block {\n"
        + "  static Path image, weights, folder;\n"
        + "  static String config;\n"
        + "  static RgbImage rgbImage;\n"
        + "  static Detector detector;\n"
        + "  static void run() throws Exception {\n"
        + body
        + "\n  }\n}\n";
  }

  private Class<?> compile(String source, boolean file) throws Exception {
    String name = file ? source.replaceFirst("(?s).*?\\b(?:class|record) (\\w+).*", "$1") : "Block";
    Path java = folder.resolve(name + ".java");
    Files.writeString(java, source, StandardCharsets.UTF_8);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  problems,
                  List.of(
                      "-d",
                      folder.toString(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      "--release",
                      "17",
                      "-proc:none"),
                  null,
                  files.getJavaFileObjects(java))
              .call();
      assertTrue(compiled, () -> problems(problems, source));
    }
    String pack =
        source.startsWith("package ") ? source.substring(8, source.indexOf(';')) + "." : "";
    // Not closed: the block's classes may still load other classes of the block.
    URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    return loader.loadClass(pack + name);
  }

  private static String problems(DiagnosticCollector<JavaFileObject> found, String source) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic<?> each : found.getDiagnostics()) {
      text.append(each).append('\n');
    }
    return text.append(source).toString();
  }
}
