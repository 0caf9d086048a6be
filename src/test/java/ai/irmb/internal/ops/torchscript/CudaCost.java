package ai.irmb.internal.ops.torchscript;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a GPU has to do for one call of a generated program, read from its text.
 *
 * <p>An operator counts as the kernels that PyTorch starts for it when its operands have the layout
 * that they have in these programs. A reshape of permuted axes copies; others are views. The
 * numbers are for comparison: cuDNN may start more than one kernel for a convolution.
 *
 * @param launches kernels that are started
 * @param synchronizations times that the host waits for the GPU
 * @param operators calls of each operator that starts kernels
 */
record CudaCost(int launches, int synchronizations, Map<String, Integer> operators) {
  private static final Map<String, Integer> KERNELS = new HashMap<>();
  private static final Map<String, Integer> SYNCHRONIZATIONS = Map.of("nonzero", 1, "bool", 1);
  private static final Pattern CALL =
      Pattern.compile("(?<![a-z_])(torch\\.|ops\\.[a-z]+\\.|)([a-z][a-z_0-9]*)\\(");

  static {
    String views =
        "permute reshape view narrow select transpose unsqueeze unbind annotate new_empty body"
            + " input eq dtype expand size as_strided slice fill";
    for (String view : views.split(" ", -1)) {
      KERNELS.put(view, 0);
    }
    String one =
        "silu_ relu_ leaky_relu_ hardswish_ gelu sigmoid sigmoid_ silu relu hardtanh hardtanh_ add_"
            + " add mul mul_ div div_ sub cat copy_ new_zeros new_ones addcmul max_pool2d"
            + " upsample_nearest2d to gt index index_select scaled_dot_product_attention stack"
            + " floor_divide remainder batch_norm mean linear bmm baddbmm exp_ softmax";
    for (String kernel : one.split(" ", -1)) {
      KERNELS.put(kernel, 1);
    }
    // The convolution and its bias.
    KERNELS.put("conv2d", 2);
    // Partial sums, and their sum.
    KERNELS.put("sum", 2);
    // Counts, prefix sums and the selection.
    KERNELS.put("nonzero", 3);
    KERNELS.put("bool", 0);
    // Of channels-last maps, as the programs keep them.
    KERNELS.put("contiguous", 0);
  }

  /** {@return the cost of a method of a program that calls {@code input} and {@code body}} */
  static CudaCost of(String program, String method) {
    String text = body(program, "input") + body(program, "body") + body(program, method);
    int launches = 0;
    int synchronizations = 0;
    Map<String, Integer> operators = new TreeMap<>();
    Matcher calls = CALL.matcher(text);
    while (calls.find()) {
      String name = calls.group(2);
      Integer kernels = KERNELS.get(name);
      if (kernels == null) {
        throw new IllegalArgumentException("no cost is known for " + calls.group());
      }
      if (name.equals("reshape") && copies(text, calls.end())) {
        kernels = 1;
      }
      launches += kernels;
      synchronizations += SYNCHRONIZATIONS.getOrDefault(name, 0);
      if (kernels > 0) {
        operators.merge(name, 1, Integer::sum);
      }
    }
    // Each result is fetched.
    return new CudaCost(launches, synchronizations + results(text), operators);
  }

  /** {@return whether the argument is permuted otherwise than between NCHW and channels-last} */
  private static boolean copies(String text, int argument) {
    Matcher permuted =
        Pattern.compile("torch\\.permute\\(\\w+(?:\\[\\d+])?, (\\[[0-9, ]*])").matcher(text);
    permuted.region(argument, text.length());
    return permuted.lookingAt()
        && !permuted.group(1).equals("[0, 2, 3, 1]")
        && !permuted.group(1).equals("[0, 3, 1, 2]");
  }

  private static int results(String text) {
    String last = text.substring(text.lastIndexOf("return [") + "return [".length());
    return last.substring(0, last.indexOf(']')).split(",", -1).length;
  }

  private static String body(String program, String method) {
    int start = program.indexOf("  def " + method + "(");
    int lines = program.indexOf('\n', start) + 1;
    int end = program.indexOf("  def ", lines);
    return program.substring(lines, end < 0 ? program.length() : end);
  }
}
