package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The public line: the types that the module exports, each of them listed here, and nothing
 * internal in their signatures.
 */
@Tag("fast")
class PublicApiTest {
  private static final String API =
      """
      AttentionMap
      Box
      DetectOptions
      Detection
      Detections
      Detector
      Detector.Builder
      DetectorInfo
      DetectorSettings
      ExecutionMode
      FileDetections
      Mask
      Mask.Polygon
      MaskMode
      PolygonMode
      Precision
      Slices
      Timings
      ValidationListener
      WriteOptions
      block.Attribute
      block.Attribute.BoolAttribute
      block.Attribute.DoubleAttribute
      block.Attribute.IntAttribute
      block.Attribute.ListAttribute
      block.Attribute.StringAttribute
      block.Block
      block.BlockType
      block.BlockType.Declarer
      block.BlockType.Reader
      block.LayerArguments
      block.LayerDeclaration
      block.ModuleScope
      block.ModuleTree
      block.TorchModules
      block.TorchModules.Builder
      draw.Annotator
      draw.DrawOptions
      draw.DrawOptions.ColorBy
      draw.DrawOptions.Hide
      draw.DrawOptions.LabelPart
      draw.HeatMap
      error.DatasetException
      error.DeviceMemoryException
      error.ImageException
      error.ImageException.Reason
      error.InferenceException
      error.IrmbException
      error.ModelConfigException
      error.WeightProblem
      error.WeightProblem.Missing
      error.WeightProblem.ShapeMismatch
      error.WeightProblem.Unexpected
      error.WeightsException
      format.DetectionWriter
      format.ImageEntry
      format.TextFormat
      format.YoloFolder
      image.ImageDecoder
      image.ImageDecoder.Size
      image.PixelFormat
      image.ReadOptions
      image.RgbImage
      limit.Limit
      limit.Limits
      ops.Activation
      ops.Activation.Kind
      ops.Conv2dParams
      ops.Conv2dParams.Unfolded
      ops.ConvTranspose2dParams
      ops.Ops
      ops.Pair
      ops.Reduction
      ops.Upsampling
      ops.Upsampling.Mode
      ops.Weight
      ops.WindowGrid
      tensor.DType
      tensor.HostTensor
      tensor.Shape
      track.Anchor
      track.CountingLine
      track.CountingLine.Crossing
      track.CountingLine.Direction
      track.TrackOptions
      track.Tracker
      track.Zone
      validate.ConfusionMatrix
      validate.Curves
      validate.Report
      validate.Report.ClassReport
      validate.ValidateOptions
      validate.Validation
      video.FrameReader
      video.FrameWriter
      video.Video
      """;

  private static final List<JavaClass> EXPORTED = exported();

  private static Set<String> exportedPackages() {
    try {
      Matcher matcher =
          Pattern.compile("exports ([a-z.]++);")
              .matcher(Files.readString(Path.of("src/main/java/module-info.java")));
      Set<String> packages = new TreeSet<>();
      while (matcher.find()) {
        packages.add(matcher.group(1));
      }
      return packages;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<JavaClass> exported() {
    Set<String> packages = exportedPackages();
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("ai.irmb").stream()
            .filter(c -> packages.contains(c.getPackageName()) && isPublic(c))
            .toList();
  }

  private static boolean isPublic(JavaClass c) {
    return c.getModifiers().contains(JavaModifier.PUBLIC)
        && c.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
  }

  @Test
  void theModuleExportsTheseTypesAlone() {
    assertEquals(
        API,
        EXPORTED.stream()
            .map(c -> c.getName().replace("ai.irmb.", "").replace('$', '.') + "\n")
            .sorted()
            .collect(Collectors.joining()));
  }

  @Test
  void publicSignaturesNameNoInternalType() {
    Set<String> packages = exportedPackages();
    Set<String> leaks = new TreeSet<>();
    for (JavaClass c : EXPORTED) {
      for (JavaMember member : c.getMembers()) {
        if (member.getModifiers().contains(JavaModifier.PUBLIC)
            || member.getModifiers().contains(JavaModifier.PROTECTED)) {
          types(member)
              .flatMap(type -> type.getAllInvolvedRawTypes().stream())
              .map(JavaClass::getBaseComponentType)
              .filter(type -> !isAllowed(type, packages))
              .forEach(type -> leaks.add(member.getFullName() + ": " + type.getName()));
        }
      }
    }
    assertEquals(Set.of(), leaks);
  }

  private static boolean isAllowed(JavaClass type, Set<String> packages) {
    return type.isPrimitive()
        || type.getPackageName().startsWith("java.")
        || (packages.contains(type.getPackageName()) && isPublic(type));
  }

  private static Stream<? extends JavaType> types(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
  }
}
