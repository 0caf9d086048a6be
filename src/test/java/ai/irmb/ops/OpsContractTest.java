package ai.irmb.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.ops.Activation.Kind;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of every interpretation that computes: the values of {@link NaiveOps}, on batches of
 * two and odd sizes.
 */
public abstract class OpsContractTest {
  /** A computation in any interpretation; {@code Object} stands for its value type. */
  public interface Computation extends BiFunction<Ops<Object>, Object, Object> {}

  private final Random random = new Random(7);
  private int weights;

  /** {@return the result of the computation for x in the interpretation under test} */
  protected abstract HostTensor run(Computation computation, HostTensor x);

  /** {@return the allowed error, relative to the largest absolute value of the result} */
  protected double tolerance() {
    return 1e-5;
  }

  /** {@return the operations for a {@link Computation}} */
  @SuppressWarnings("unchecked")
  protected static Ops<Object> erased(Ops<?> ops) {
    return (Ops<Object>) ops;
  }

  @ParameterizedTest
  @CsvSource({
    // in, out, kernel h, w, stride, padding, dilation, groups, bias
    "3, 16, 6, 6, 2, 2, 1, 1, true",
    "8, 16, 1, 1, 1, 0, 1, 1, true",
    "8, 5, 1, 1, 1, 0, 1, 1, false",
    "8, 16, 3, 3, 1, 1, 1, 1, true",
    "16, 16, 3, 3, 1, 1, 1, 16, false",
    "8, 8, 3, 3, 2, 1, 1, 8, true",
    "8, 12, 3, 3, 1, 2, 2, 4, true",
    "7, 9, 1, 3, 1, 1, 1, 1, true",
    "8, 16, 1, 1, 2, 0, 1, 2, true"
  })
  void convolves(
      int in, int out, int kh, int kw, int stride, int pad, int dilation, int groups, boolean b) {
    Conv2dParams p =
        new Conv2dParams(
            weight(out, in / groups, kh, kw),
            b ? weight(out) : null,
            Pair.of(stride),
            Pair.of(pad),
            Pair.of(dilation),
            groups,
            Activation.SILU);
    check(map(2, in, 13, 11), (ops, x) -> ops.conv2d(x, p));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void activatesConvolutions(Kind kind) {
    Conv2dParams p = Conv2dParams.pointwise(weight(16, 8, 1, 1), weight(16), activation(kind, 16));
    check(map(2, 8, 9, 7), (ops, x) -> ops.conv2d(x, p));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void activates(Kind kind) {
    Activation activation = activation(kind, 1);
    check(map(2, 8, 9, 7), (ops, x) -> ops.add(x, ops.activation(x, activation)));
  }

  private Activation activation(Kind kind, int slopes) {
    return switch (kind) {
      case LEAKY_RELU -> Activation.leakyRelu(0.1);
      case ELU -> new Activation(kind, 1.3, null);
      case SOFTPLUS -> new Activation(kind, 2, null);
      case PRELU -> new Activation(kind, 0, weight(slopes));
      default -> Activation.of(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({"4, 6, 2, 2, 0, 0, 1, 1, true", "4, 6, 3, 2, 1, 1, 1, 2, false"})
  void convolvesTransposed(
      int in, int out, int kernel, int stride, int pad, int more, int dilation, int g, boolean b) {
    ConvTranspose2dParams p =
        new ConvTranspose2dParams(
            weight(in, out / g, kernel, kernel),
            b ? weight(out) : null,
            Pair.of(stride),
            Pair.of(pad),
            Pair.of(more),
            Pair.of(dilation),
            g);
    check(map(2, in, 5, 7), (ops, x) -> ops.convTranspose2d(x, p));
  }

  @Test
  void scalesAndShifts() {
    Weight scale = weight(8);
    Weight shift = weight(8);
    check(map(2, 8, 5, 7), (ops, x) -> ops.scaleShift(x, scale, shift));
  }

  @Test
  void normalizesChannels() {
    Weight scale = weight(8);
    Weight shift = weight(8);
    check(map(2, 8, 5, 7), (ops, x) -> ops.channelNorm(x, scale, shift, 1e-6));
  }

  @Test
  void normalizesInstances() {
    check(map(2, 8, 5, 7), (ops, x) -> ops.instanceNorm(x, 1e-5));
  }

  @Test
  void addsAndMultiplies() {
    check(
        map(2, 8, 5, 7),
        (ops, x) -> {
          Object low = ops.channels(x, 0, 4);
          Object high = ops.channels(x, 4, 8);
          return ops.add(ops.multiply(low, high), ops.multiply(high, ops.mean(low)));
        });
  }

  @Test
  void keepsOperands() {
    Conv2dParams p = Conv2dParams.pointwise(weight(8, 8, 1, 1), weight(8), Activation.IDENTITY);
    check(
        map(2, 8, 5, 7),
        (ops, x) -> {
          Object y = ops.conv2d(x, p);
          Object z = ops.activation(y, Activation.SILU);
          Object sum = ops.add(ops.add(x, y), ops.add(y, z));
          return ops.concat(List.of(sum, y, z, x, ops.activation(sum, Activation.RELU)));
        });
  }

  @ParameterizedTest
  @CsvSource({"5, 7", "1, 1", "1, 2", "2, 1"})
  void addsToConvolutions(int h, int w) {
    Conv2dParams silu = Conv2dParams.pointwise(weight(8, 8, 1, 1), weight(8), Activation.SILU);
    Conv2dParams bare = Conv2dParams.pointwise(weight(8, 8, 1, 1), null, Activation.IDENTITY);
    check(
        map(2, 8, h, w),
        (ops, x) -> {
          Object y = ops.add(x, ops.conv2d(x, silu));
          return ops.add(ops.conv2d(y, bare), y);
        });
  }

  @Test
  void runsSiblings() {
    Conv2dParams a = Conv2dParams.pointwise(weight(8, 8, 1, 1), weight(8), Activation.SILU);
    Conv2dParams b = Conv2dParams.pointwise(weight(8, 8, 1, 1), null, Activation.SILU);
    Conv2dParams three =
        new Conv2dParams(
            weight(8, 8, 3, 3), weight(8), Pair.of(1), Pair.of(1), Pair.of(1), 1, Activation.SILU);
    Conv2dParams last = Conv2dParams.pointwise(weight(6, 16, 1, 1), weight(6), Activation.SILU);
    check(
        map(2, 8, 5, 7),
        (ops, x) -> {
          Object left = ops.conv2d(x, a);
          Object y = ops.add(left, ops.conv2d(left, three));
          return ops.conv2d(ops.concat(List.of(y, ops.conv2d(x, b))), last);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void concatenates(int axis) {
    check(
        map(2, 8, 5, 7),
        (ops, x) -> ops.concat(List.of(x, ops.activation(x, Activation.RELU), x), axis));
  }

  @Test
  void chunks() {
    check(
        map(2, 9, 5, 7),
        (ops, x) -> {
          List<Object> parts = ops.chunk(x, 3, 9);
          return ops.concat(List.of(parts.get(2), parts.get(0), parts.get(1)));
        });
  }

  @Test
  void subsamples() {
    check(map(2, 3, 9, 7), (ops, x) -> ops.subsample(x, 1, 0, 2));
  }

  @Test
  void movesDepthToSpace() {
    check(map(2, 12, 3, 5), (ops, x) -> ops.depthToSpace(x, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 1, 2, false",
    "2, 2, 0, false",
    "3, 2, 1, false",
    "3, 2, 1, true",
    "2, 2, 0, true"
  })
  void pools(int kernel, int stride, int padding, boolean ceil) {
    check(map(2, 8, 9, 12), (ops, x) -> ops.maxPool2d(x, kernel, stride, padding, ceil));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 0, true",
    "3, 2, 1, true",
    "3, 2, 1, false",
    "5, 1, 2, true",
    "4, 3, 0, false"
  })
  void averagesUnderKernels(int kernel, int stride, int padding, boolean countPadding) {
    check(map(2, 8, 9, 12), (ops, x) -> ops.avgPool2d(x, kernel, stride, padding, countPadding));
  }

  @Test
  void averages() {
    check(map(2, 8, 9, 7), (ops, x) -> ops.mean(x));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "23", "13", "123"})
  void reduces(String axes) {
    int[] over = axes.chars().map(digit -> digit - '0').toArray();
    for (Reduction reduction : Reduction.values()) {
      check(map(2, 8, 9, 7), (ops, x) -> ops.multiply(x, ops.reduce(x, reduction, over)));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 3", "3, 1", "2, 3"})
  void swapsAxes(int axis, int other) {
    check(
        map(2, 8, 9, 7),
        (ops, x) -> {
          Object swapped = ops.swapAxes(x, axis, other);
          return ops.concat(List.of(swapped, ops.activation(swapped, Activation.RELU)));
        });
  }

  /** As in channel attention: the channels become rows, and channels again. */
  @Test
  void convolvesAlongTheChannels() {
    Conv2dParams alongRows =
        new Conv2dParams(
            weight(1, 1, 3, 1),
            null,
            Pair.of(1),
            new Pair(1, 0),
            Pair.of(1),
            1,
            Activation.of(Kind.SIGMOID));
    check(
        map(2, 16, 9, 7),
        (ops, x) -> {
          Object rows = ops.swapAxes(ops.mean(x), 1, 2);
          return ops.multiply(x, ops.swapAxes(ops.conv2d(rows, alongRows), 2, 1));
        });
  }

  @Test
  void upsamplesNearest() {
    check(map(2, 8, 5, 7), (ops, x) -> ops.upsample(x, Upsampling.nearest(2)));
  }

  @ParameterizedTest
  @CsvSource({"2.0, 0, false", "1.5, 0, false", "2.0, 0, true", "0, 13, false", "0, 13, true"})
  void upsamplesBilinear(double scale, int size, boolean align) {
    Upsampling u = new Upsampling(scale, scale, size, size, Upsampling.Mode.BILINEAR, align);
    check(map(2, 8, 5, 7), (ops, x) -> ops.upsample(x, u));
  }

  @Test
  void padsWithZeros() {
    check(map(2, 8, 5, 7), (ops, x) -> ops.zeroPad(x, 1, 2, 3, 0));
  }

  /** Zeros that a network pads with take part in a pooling; the padding of the pooling does not. */
  @Test
  void poolsPaddedZeros() {
    Weight minus =
        Weight.of("minus", Shape.of(8), () -> new float[] {-1, -1, -1, -1, -1, -1, -1, -1});
    check(
        map(2, 8, 5, 7),
        (ops, x) -> {
          Object below = ops.scaleShift(ops.activation(x, Activation.RELU), minus, minus);
          return ops.maxPool2d(ops.zeroPad(below, 0, 1, 0, 1), 2, 1, 0, false);
        });
  }

  @ParameterizedTest
  @CsvSource({
    // height, width, window, heads
    "14, 7, 7, 2",
    "20, 20, 7, 4",
    "8, 13, 7, 2",
    "3, 5, 7, 1",
    "9, 6, 0, 2",
    "10, 9, 4, 1"
  })
  void attendsWithinWindows(int h, int w, int window, int heads) {
    WindowGrid grid = new WindowGrid(window, heads, 0.35);
    int c = 8 * heads;
    Conv2dParams qk =
        Conv2dParams.pointwise(weight(2L * c, c, 1, 1), weight(2L * c), Activation.IDENTITY);
    Conv2dParams v = Conv2dParams.pointwise(weight(c, c, 1, 1), null, Activation.RELU);
    Weight scale = weight(c);
    Weight shift = weight(c);
    check(
        map(2, c, h, w),
        (ops, x) -> {
          Object padded = ops.padToWindows(ops.scaleShift(x, scale, shift), grid);
          List<Object> chunks = ops.chunk(ops.conv2d(padded, qk), 2, 2 * c);
          Object attended =
              ops.windowAttention(chunks.get(0), chunks.get(1), ops.conv2d(padded, v), grid);
          return ops.cropLike(attended, x);
        });
  }

  @Test
  void attendsBeforeTheValues() {
    WindowGrid grid = new WindowGrid(7, 2, 0.35);
    Conv2dParams qk = Conv2dParams.pointwise(weight(32, 16, 1, 1), null, Activation.IDENTITY);
    Conv2dParams v =
        new Conv2dParams(
            weight(16, 16, 3, 3), null, Pair.of(1), Pair.of(1), Pair.of(1), 1, Activation.RELU);
    check(
        map(2, 16, 10, 9),
        (ops, x) -> {
          Object padded = ops.padToWindows(x, grid);
          List<Object> chunks = ops.chunk(ops.conv2d(padded, qk), 2, 32);
          Object attended = ops.windowAttention(chunks.get(0), chunks.get(1), padded, grid);
          Object sum = ops.add(ops.conv2d(attended, v), padded);
          return ops.multiply(ops.cropLike(sum, x), ops.mean(attended));
        });
  }

  @Test
  void attendsOverWiderValues() {
    WindowGrid grid = new WindowGrid(4, 2, 0.5);
    check(
        map(2, 24, 8, 12),
        (ops, x) ->
            ops.windowAttention(
                ops.channels(x, 0, 4), ops.channels(x, 4, 8), ops.channels(x, 8, 24), grid));
  }

  /** Scores above a hundred, whose exponentials overflow single precision. */
  @Test
  void attendsSharply() {
    assumeTrue(tolerance() < 1e-3, "scores of this size need single precision");
    WindowGrid grid = new WindowGrid(5, 2, 20.0);
    check(
        map(2, 24, 10, 15),
        (ops, x) ->
            ops.windowAttention(
                ops.channels(x, 0, 8), ops.channels(x, 8, 16), ops.channels(x, 16, 24), grid));
  }

  /** {@return a weight of random values} */
  protected final Weight weight(long... sizes) {
    Shape shape = Shape.of(sizes);
    int fan = sizes.length == 4 ? (int) (sizes[1] * sizes[2] * sizes[3]) : 1;
    float[] values = randomValues((int) shape.elements(), 1 / Math.sqrt(fan));
    return Weight.of("weight" + weights++, shape, values::clone);
  }

  /** {@return a feature map of random values} */
  protected final HostTensor map(int n, int c, int h, int w) {
    return HostTensor.of(Shape.of(n, c, h, w), randomValues(n * c * h * w, 1.5));
  }

  private float[] randomValues(int count, double size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * size);
    }
    return values;
  }

  private void check(HostTensor x, Computation computation) {
    HostTensor expected = (HostTensor) computation.apply(erased(new NaiveOps()), x);
    HostTensor actual = run(computation, x);
    assertEquals(expected.shape(), actual.shape());
    float[] want = expected.toFloats();
    float[] got = actual.toFloats();
    double largest = 0;
    int worst = 0;
    for (int i = 0; i < want.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      if (!(Math.abs(want[i] - got[i]) <= Math.abs(want[worst] - got[worst]))) {
        worst = i;
      }
    }
    if (!(Math.abs(want[worst] - got[worst]) <= tolerance() * largest)) {
      fail("at %d: expected %s, was %s".formatted(worst, want[worst], got[worst]));
    }
  }
}
