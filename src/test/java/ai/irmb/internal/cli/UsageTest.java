package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Wrong usage is answered with what was probably meant, in one sentence and with code 2. */
@Tag("fast")
class UsageTest {
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(String... args) {
    return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "detct a.jpg | detct: there is no such command; did you mean detect?",
        "validte | did you mean validate?",
        "detect --helpp | --helpp: there is no such option; did you mean --help?",
        "validate --helpp | --helpp: there is no such option; did you mean --help?",
        "convert --weight a.pt b | --weight: there is no such option; did you mean --weights?",
        "detect --conf_thresh 1 a.jpg | did you mean --conf-thres?",
        "detect --conf 0.5 a.jpg | did you mean --conf-thres or --config?",
        "detect --project x a.jpg | --project: not an option here: --save DIR",
        "detect --half a.jpg | --half: not an option here: use --precision fp16",
        "detect --view-img a.jpg | --view-img: not an option here",
        "validate --task test | --task: not an option here: use --split",
        "export --include onnx | --include: not an option here",
        "detect --conf-thres abc a.jpg | --conf-thres: expected a number, found abc",
        "detect --max_det abc a.jpg | --max-det: expected an integer, found abc",
        "detect --masks no a.jpg | --masks: expected off, standard, retina, found no",
        "detect --json | --json: a value is missing",
        "detect --json a --json b c.jpg | --json: given more than once",
        "detect | INPUT: required",
        "validate | --data: required",
        "detect best.pt bus.jpg | best.pt: weights are given with --weights",
        "convert --weights a.pt out.foo | expected a name that ends with .safetensors, found"
            + " out.foo",
        "export --weights a.pt out.pt | expected a name that ends with .onnx, found out.pt",
        "summary --config a.pt --weights b.yaml | --config: a.pt is a checkpoint",
        "summary --weights b.yaml | --weights: b.yaml is a YAML",
        "detect --hide blur a.jpg | --hide: requires --save DIR, without --nosave",
        "detect --hide fill --save x --nosave a.jpg | --hide: requires --save DIR, without",
        "detect --labels class a.jpg | --labels: requires --save DIR",
        "detect --mask-opacity 0.39 a.jpg | --mask-opacity: requires --save DIR",
        "detect --line-thickness 3 --save x --nosave a.jpg | --line-width: requires --save DIR",
        "detect --hide fill --save x --save-crop a.jpg | --save-crop: writes images in which"
            + " nothing is hidden",
        "detect --hide fill --save x --attention 3 a.jpg | --attention: writes images in which"
            + " nothing is hidden",
        "detect --hide fill --save x --yolo y a.jpg | --yolo: writes images in which nothing is"
            + " hidden",
        "detect --hide off --save x a.jpg | --hide: expected nothing, pixelate, blur, fill, found"
            + " off",
        "detect --json - --csv - a.jpg | --json, --csv: only one of them can be standard output"
      })
  void answersNameWhatIsWrong(String arguments, String expected) {
    assertEquals(2, run(arguments.split(" ", -1)));
    assertTrue(err.toString().contains(expected), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--source a.jpg",
        "--imgsz 640",
        "--img 640",
        "--img-size 640",
        "--conf-thres 0.3",
        "--iou-thres 0.5",
        "--max_det 7",
        "--max-det=7",
        "--device cpu",
        "--device 0",
        "--nosave",
        "--save_txt",
        "--save-conf",
        "--save-crop",
        "--classes 0",
        "--classes person,bus",
        "--agnostic-nms",
        "--retina-masks",
        "--weights a.pt"
      })
  void upstreamsOptionsAreAccepted(String option) {
    CommandLine line = Main.commandLine();
    String[] args = ("detect " + option + " b.jpg").split(" ", -1);
    line.parseArgs(Arguments.checked(line, args));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--classes 0 2", "--imgsz 384 640"})
  void valuesSeparatedByBlanksSayHowTheyAreWritten(String option) {
    assertEquals(2, run(("detect " + option + " a.jpg").split(" ", -1)));
    assertTrue(err.toString().contains("--classes 0,2, --size 384x640"), err.toString());
  }

  @Test
  void everyCommandIsDescribedInAWholeSentence() {
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      String first = command.getCommandSpec().usageMessage().description()[0];
      assertTrue(first.endsWith("."), first);
    }
  }

  @Test
  void aFolderWithoutImagesSaysWhatIsThere() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "");
    Files.writeString(folder.resolve("b.TXT"), "");
    Files.writeString(folder.resolve("c.md"), "");
    assertEquals(1, run("detect", folder.toString()));
    assertTrue(err.toString().contains("there are no images; found 1 .md, 2 .txt"), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://example.org/a.jpg", "rtsp://u:p@host/cam", "camera:0", "0"})
  void networkAddressesAndCamerasAreInputsOfTheirOwn(String given) {
    InputResolver resolver = new InputResolver(false, List.of(), (name, e) -> {});
    resolver.add(given);
    Input input = resolver.inputs().get(0);
    assertTrue(input.isVideo());
    assertEquals(given.equals("0") ? "camera:0" : given, input.given());
    assertFalse(input.name().matches(".*[:/@].*"), input.name());
  }

  @Test
  void cropFoldersAreCutBetweenCharacters() {
    for (int before = 0; before < 3; before++) {
      for (String character : List.of("𠀀", "é", "कि", "x")) {
        String name = CropOutput.folderName("y".repeat(before) + character.repeat(100));
        assertTrue(name.length() <= 80, name);
        String rest = name.substring(before);
        assertEquals(character.repeat(rest.length() / character.length()), rest);
      }
    }
    assertEquals("_2J_", CropOutput.folderName("\u001b2J\u202e"));
    assertEquals("a_b", CropOutput.folderName("a\ud800b"));
  }
}
