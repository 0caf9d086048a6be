package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example in the documentation of the package: the network, and the program it becomes. */
@Tag("engine")
class GeneratedProgramTest {
  private static final Path PACKAGE = Path.of("ai", "irmb", "internal", "ops", "torchscript");

  private final Conv2dParams down =
      new Conv2dParams(
          weight(16, 3, 3, 3), weight(16), Pair.of(2), Pair.of(1), Pair.of(1), 1, Activation.SILU);
  private final Conv2dParams linear =
      Conv2dParams.pointwise(weight(16, 16, 1, 1), weight(16), Activation.IDENTITY);

  private List<Symbol> network(ScriptOps ops, Symbol image) {
    Symbol x = ops.conv2d(image, down);
    Symbol y = ops.add(x, ops.conv2d(x, linear));
    Symbol pooled = ops.maxPool2d(y, 2, 2, 0, false);
    return List.of(ops.concat(List.of(pooled, ops.activation(pooled, Activation.RELU))));
  }

  @Test
  void packageDocumentationShowsTheNetworkAndItsProgram() throws IOException {
    List<String> examples = examples();
    String test =
        Files.readString(
            Path.of("src", "test", "java").resolve(PACKAGE).resolve("GeneratedProgramTest.java"));
    assertTrue(withoutSpace(test).contains(withoutSpace(examples.get(0))), examples.get(0));
    String program = program(ScriptTarget.cpu());
    String body = program.substring(0, program.indexOf("  def input("));
    assertEquals(withoutSpace(body), withoutSpace(examples.get(1)), body);
  }

  /** So what tests run on the CPU is what CUDA runs. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void programForCudaIsTheSameOnTheCpu(DType type) {
    ScriptTarget cuda = ScriptTarget.cuda(0, type);
    assertEquals(program(cuda), program(cuda.onCpu()));
  }

  private String program(ScriptTarget target) {
    ScriptOps ops = new ScriptOps();
    Backend backend = target.backend();
    List<Symbol> outputs = network(ops, ops.image(Shape.of(1, 3, 64, 65)));
    return ScriptSource.of(
            GraphOptimizations.apply(outputs, backend), List.of(), backend, new WeightList())
        .text();
  }

  private static List<String> examples() throws IOException {
    String text =
        Files.readString(
            Path.of("src", "main", "java").resolve(PACKAGE).resolve("package-info.java"));
    String code =
        String.join("\n", text.lines().map(line -> line.replaceFirst("^ \\* ?", "")).toList());
    Stream<String> blocks =
        Pattern.compile("<pre>\\{@code(.*?)}</pre>", Pattern.DOTALL)
            .matcher(code)
            .results()
            .map(block -> block.group(1));
    return blocks.toList();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }

  private static Weight weight(long... sizes) {
    Shape shape = Shape.of(sizes);
    return Weight.of("weight", shape, () -> new float[(int) shape.elements()]);
  }
}
