package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PickleBuilder;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Bounded;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-formed pickles whose tensors or modules are impossible or too large. */
@Tag("fast")
class HostileModelsTest {
  private static final long HUGE = 1L << 62;

  /** {@return a state dict of one tensor, {@code w}, on a storage of four elements} */
  private static byte[] tensor(PickleBuilder tensor) {
    return archive(new PickleBuilder().op(0x80, 2, '}').text("w").append(tensor).op('s').stop());
  }

  private static byte[] archive(byte[] pickle) {
    return new ZipBuilder()
        .put("m/data.pkl", pickle)
        .put("m/data/0", new byte[16])
        .put("m/version", new byte[] {'3', '\n'})
        .bytes();
  }

  private static PickleBuilder storage(String type, String key, long count) {
    return new PickleBuilder()
        .op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(count)
        .op('t', 'Q');
  }

  private static PickleBuilder rebuilt(
      PickleBuilder storage, long offset, long[] sizes, long[] strides) {
    PickleBuilder call =
        new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op('(').append(storage);
    return call.number(offset)
        .append(tuple(sizes))
        .append(tuple(strides))
        .op(0x89)
        .append(ordered())
        .op('t', 'R');
  }

  private static PickleBuilder ordered() {
    return new PickleBuilder().global("collections", "OrderedDict").op(')', 'R');
  }

  private static PickleBuilder tuple(long... values) {
    PickleBuilder tuple = new PickleBuilder().op('(');
    Arrays.stream(values).forEach(tuple::number);
    return tuple.op('t');
  }

  private static PickleBuilder floats(long offset, long[] sizes, long[] strides) {
    return rebuilt(storage("FloatStorage", "0", 4), offset, sizes, strides);
  }

  private static long[] of(long... values) {
    return values;
  }

  private static Bounded.Outcome<Checkpoint, WeightsException> read(byte[] file) {
    return Bounded.run(
        Bounded.forWeights(file.length),
        WeightsException.class,
        () -> CheckpointReader.read(WeightFile.of("best.pt", file), Limits.DEFAULTS));
  }

  private static String readError(byte[] file) {
    WeightsException failure = read(file).failure();
    assertNotNull(failure, "it was accepted");
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("best.pt: "), message);
    return message.toLowerCase(Locale.ROOT);
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesTensorsOutsideTheirStorage() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    cases.put("one too many", floats(0, of(5), of(1)));
    cases.put("an offset too far", floats(1, of(4), of(1)));
    cases.put("an offset at the end", floats(4, of(1), of(1)));
    cases.put("an empty one beyond the end", floats(5, of(0), of(1)));
    cases.put("a negative offset", floats(-1, of(4), of(1)));
    cases.put("a negative size", floats(0, of(-4), of(1)));
    cases.put("two negative sizes", floats(0, of(-2, -2), of(2, 1)));
    cases.put("a negative stride", floats(3, of(4), of(-1)));
    cases.put("a stride too large", floats(0, of(2, 2), of(3, 1)));
    cases.put("a stride that overflows", floats(0, of(3, 2), of(HUGE, 1)));
    cases.put("an offset that overflows", floats(Long.MAX_VALUE, of(2), of(1)));
    cases.put("a size that overflows", floats(0, of(HUGE, 4), of(0, 0)));
    cases.put("sizes that come to zero", floats(0, of(1L << 32, 1L << 32), of(0, 0)));
    cases.put("one number as a terabyte", floats(0, of(1L << 40), of(0)));
    cases.put("one number as a gigabyte", floats(0, of(1L << 28), of(0)));
    cases.put("more sizes than strides", floats(0, of(2, 2), of(1)));
    cases.put("nine axes", floats(0, of(1, 1, 1, 1, 1, 1, 1, 1, 1), of(1, 1, 1, 1, 1, 1, 1, 1, 1)));
    cases.put("a thousand axes", floats(0, new long[1000], new long[1000]));
    cases.put("a storage too short", rebuilt(storage("FloatStorage", "0", 3), 0, of(3), of(1)));
    cases.put("a storage too long", rebuilt(storage("FloatStorage", "0", 5), 0, of(4), of(1)));
    cases.put("another type", rebuilt(storage("DoubleStorage", "0", 4), 0, of(2), of(1)));
    cases.put("a negative storage", rebuilt(storage("FloatStorage", "0", -4), 0, of(1), of(1)));
    cases.put("a huge storage", rebuilt(storage("FloatStorage", "0", HUGE), 0, of(1), of(1)));
    cases.put("a storage of bits", rebuilt(storage("QInt8Storage", "0", 16), 0, of(1), of(1)));
    cases.put("complex numbers", rebuilt(storage("ComplexFloatStorage", "0", 2), 0, of(2), of(1)));
    cases.put("an untyped storage", rebuilt(storage("UntypedStorage", "0", 16), 0, of(4), of(1)));
    String longKey = "k".repeat(200_000);
    for (String key :
        new String[] {"1", "../0", "/etc/hostname", "0/../0", "", "0\0", "a b", longKey}) {
      cases.put(
          "the storage " + key.substring(0, Math.min(key.length(), 20)),
          rebuilt(storage("FloatStorage", key, 4), 0, of(4), of(1)));
    }
    cases.put(
        "an offset of text",
        new PickleBuilder()
            .global("torch._utils", "_rebuild_tensor_v2")
            .op('(')
            .append(storage("FloatStorage", "0", 4))
            .text("0")
            .append(tuple(4))
            .append(tuple(1))
            .op(0x89, 'N', 't', 'R'));
    cases.put(
        "no arguments",
        new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op(')', 'R'));
    cases.put(
        "a parameter of a number",
        new PickleBuilder()
            .global("torch._utils", "_rebuild_parameter")
            .op('K', 1, 0x88)
            .append(ordered())
            .op(0x87, 'R'));
    return cases.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      String message = readError(tensor(e.getValue()));
                      assertTrue(message.contains("w") || message.contains("data"), message);
                    }));
  }

  @Test
  void acceptsEmptyTensorsAndZeroStrides() {
    for (PickleBuilder each :
        new PickleBuilder[] {
          floats(0, of(1L << 40, 1L << 40, 0), of(1, 1, 1)),
          floats(4, of(0), of(1)),
          floats(0, of(), of()),
          floats(3, of(1), of(HUGE)),
          floats(0, of(4, 3), of(1, 0)),
          floats(0, of(2, 2), of(1, 2))
        }) {
      Bounded.Outcome<Checkpoint, WeightsException> outcome = read(tensor(each));
      assertNotNull(outcome.value(), () -> String.valueOf(outcome.failure()));
    }
  }

  /** A storage of one megabyte under 20,000 names would need 20 GB when written out. */
  @Test
  void refusesAStorageThatTooManyTensorsShare() {
    PickleBuilder pickle = new PickleBuilder().op(0x80, 2, '}').text("first");
    pickle.append(rebuilt(storage("ByteStorage", "0", 1 << 20), 0, of(1 << 20), of(1)));
    pickle.op('r').int32(7).op('s');
    for (int i = 0; i < 20_000; i++) {
      pickle.text("w" + i).op('h', 7, 's');
    }
    byte[] file =
        new ZipBuilder()
            .put("m/data.pkl", pickle.stop())
            .put("m/data/0", new byte[1 << 20])
            .bytes();
    assertTrue(readError(file).contains("share storages"), readError(file));
  }

  @Test
  void readsAKeyWithVeryManyWrapperPrefixes() {
    byte[] file =
        archive(
            new PickleBuilder()
                .op(0x80, 2, '}')
                .text("module.".repeat(140_000) + "w")
                .append(floats(0, of(4), of(1)))
                .op('s')
                .stop());
    assertNotNull(read(file).value());
  }

  /** {@return an instance of a module class with these submodules and parameters} */
  private static PickleBuilder module(
      String type, PickleBuilder modules, PickleBuilder parameters) {
    return new PickleBuilder()
        .text("models.yolo")
        .text(type)
        .op(0x93, ')', 0x81, '}')
        .text("_modules")
        .append(modules)
        .op('s')
        .text("_parameters")
        .append(parameters)
        .op('s', 'b');
  }

  private static byte[] model(PickleBuilder module) {
    return archive(
        new PickleBuilder().op(0x80, 2, '}').text("model").append(module).op('s').stop());
  }

  private static PickleBuilder empty() {
    return new PickleBuilder().op('}');
  }

  @Test
  void refusesAModuleThatContainsItself() {
    PickleBuilder self =
        new PickleBuilder()
            .global("models.yolo", "Model")
            .op(')', 0x81, 'q', 9, '}')
            .text("_modules")
            .op('}')
            .text("again")
            .op('h', 9, 's', 's', 'b');
    assertTrue(readError(model(self)).contains("nested deeper than the limit of 200"));
  }

  @ParameterizedTest
  @ValueSource(ints = {150, 5_000})
  void readsModulesUpToTheDepthLimitOnASmallStack(int depth) {
    PickleBuilder inner = module("M", empty(), empty());
    for (int i = 0; i < depth; i++) {
      inner = module("M", new PickleBuilder().op('}').text("m").append(inner).op('s'), empty());
    }
    Bounded.Outcome<Checkpoint, WeightsException> outcome = read(model(inner));
    assertEquals(depth < 200, outcome.value() != null);
  }

  /** Modules that share their children on each level: a tree of 10 to the power of 8 modules. */
  @Test
  void refusesSharedModulesThatMultiply() {
    PickleBuilder inner = module("M", empty(), empty()).op('q', 10);
    for (int level = 11; level < 19; level++) {
      PickleBuilder children = new PickleBuilder().op('}').text("0");
      children.append(inner).op('s');
      for (int i = 1; i < 10; i++) {
        children.text("" + i).op('h', level - 1, 's');
      }
      inner = module("M", children, empty()).op('q', level);
    }
    assertTrue(readError(model(inner)).matches(".*(more than 100000 modules|memory limit).*"));
  }

  /** One child with many parameters, empty entries or attributes, shared by many parents. */
  @ParameterizedTest
  @ValueSource(strings = {"tensors", "nothing", "numbers"})
  void refusesALargeChildWithManyParents(String kind) {
    PickleBuilder parameters = new PickleBuilder().op('}');
    if (!kind.equals("numbers")) {
      PickleBuilder tensor =
          kind.equals("tensors") ? floats(0, of(4), of(1)) : new PickleBuilder().op('N');
      parameters.text("first").append(tensor).op('q', 5, 's');
      for (int i = 0; i < 20_000; i++) {
        parameters.text("p" + i).op('h', 5, 's');
      }
    }
    PickleBuilder child = module("M", empty(), parameters);
    if (kind.equals("numbers")) {
      child.op('}').text("list").op(']', '(');
      for (int i = 0; i < 9_000; i++) {
        child.op('K', 1);
      }
      child =
          new PickleBuilder()
              .global("models.yolo", "M")
              .op(')', 0x81, '}')
              .text("_modules")
              .op('}', 's')
              .text("list")
              .op(']', '(')
              .bytes(ones(9_000))
              .op('e', 's', 'b');
    }
    PickleBuilder children = new PickleBuilder().op('}').text("c").append(child).op('q', 6, 's');
    for (int i = 0; i < 20_000; i++) {
      children.text("c" + i).op('h', 6, 's');
    }
    String message = readError(model(module("Model", children, empty())));
    assertTrue(message.contains("memory limit"), message);
  }

  private static byte[] ones(int count) {
    byte[] out = new byte[2 * count];
    for (int i = 0; i < out.length; i += 2) {
      out[i] = 'K';
      out[i + 1] = 1;
    }
    return out;
  }

  @Test
  void escapesAndTruncatesNamesInMessages() {
    PickleBuilder inner = module("M\u001b[2J\n" + "x".repeat(100_000), empty(), empty());
    byte[] file =
        model(
            module(
                "Model", new PickleBuilder().op('}').text("model").append(inner).op('s'), empty()));
    Checkpoint checkpoint = read(file).value();
    assertNotNull(checkpoint);
    WeightsException failure =
        org.junit.jupiter.api.Assertions.assertThrows(
            WeightsException.class,
            () ->
                ai.irmb.internal.network.ModelAssembly.assemble(
                    checkpoint,
                    null,
                    ai.irmb.internal.block.BlockRegistry.standard(),
                    Limits.DEFAULTS));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.length() < 2100, "length " + message.length());
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
  }
}
