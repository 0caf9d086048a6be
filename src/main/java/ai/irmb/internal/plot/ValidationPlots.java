package ai.irmb.internal.plot;

import static java.util.Objects.requireNonNull;

import ai.irmb.internal.file.AtomicFile;
import ai.irmb.internal.validate.MeanCurve;
import ai.irmb.validate.Curves;
import ai.irmb.validate.Report;
import ai.irmb.validate.Report.ClassReport;
import ai.irmb.validate.Validation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Writes the curves and the confusion matrix of a validation as PNG files, with the file names of
 * Ultralytics YOLOv5. Safe for concurrent use.
 */
public final class ValidationPlots {
  /** The fraction of the axis over which the mean curve is smoothed, as in YOLOv5. */
  private static final double SMOOTHED = 0.05;

  private ValidationPlots() {}

  /**
   * Writes {@code PR_curve.png}, {@code F1_curve.png}, {@code P_curve.png}, {@code R_curve.png} and
   * {@code confusion_matrix.png}; the latter alone if no class has labels. With masks there are two
   * files of each curve, whose names begin with {@code Box} and {@code Mask}.
   *
   * @param folder created if it does not exist
   * @throws IOException if the file system fails
   * @throws NoClassDefFoundError if XChart is not on the class path
   */
  public static void write(Validation validation, Path folder) throws IOException {
    requireNonNull(validation, "validation");
    Files.createDirectories(folder);
    Report masks = validation.maskReport();
    writeCurves(validation.report(), validation.curves(), folder, masks == null ? "" : "Box");
    if (masks != null) {
      writeCurves(masks, validation.maskCurves(), folder, "Mask");
    }
    save(
        ConfusionChart.of(validation.confusion(), validation.names()),
        folder.resolve("confusion_matrix.png"));
  }

  private static void writeCurves(
      Report report, Map<String, Curves> curves, Path folder, String prefix) throws IOException {
    if (curves.isEmpty()) {
      return;
    }
    Map<String, ClassReport> classes = report.classes();
    CurveChart recall = new CurveChart("Precision over recall", "Recall", "Precision");
    curves.forEach(
        (name, c) ->
            recall.add(
                label(name, "%.3f", requireNonNull(classes.get(name)).map50()),
                c.precisionOverRecall(),
                curves.size()));
    double[] mean = MeanCurve.of(curves.values(), Curves::precisionOverRecall);
    recall.addMean(label("all classes", "%.3f mAP@0.5", report.map50()), mean);
    save(recall.chart(), folder.resolve(prefix + "PR_curve.png"));
    save(overConfidence("F1", curves, Curves::f1), folder.resolve(prefix + "F1_curve.png"));
    save(
        overConfidence("Precision", curves, Curves::precision),
        folder.resolve(prefix + "P_curve.png"));
    save(overConfidence("Recall", curves, Curves::recall), folder.resolve(prefix + "R_curve.png"));
  }

  /**
   * Draws a chart and discards it.
   *
   * @throws LinkageError if XChart is not on the class path; without fonts the JDK throws this and
   *     others
   */
  public static void check() throws IOException {
    CurveChart chart = new CurveChart("title", "x", "y");
    chart.addMean("mean", new double[Curves.POINTS]);
    BitmapEncoder.saveBitmap(chart.chart(), OutputStream.nullOutputStream(), BitmapFormat.PNG);
  }

  private static Chart<?, ?> overConfidence(
      String what, Map<String, Curves> curves, Function<Curves, double[]> curve) {
    CurveChart chart = new CurveChart(what + " over confidence", "Confidence", what);
    curves.forEach((name, c) -> chart.add(name, curve.apply(c), curves.size()));
    double[] mean = MeanCurve.smoothed(MeanCurve.of(curves.values(), curve), SMOOTHED);
    int best = MeanCurve.indexOfMax(mean);
    double at = (double) best / (mean.length - 1);
    chart.addMean(label("all classes", "%.2f at %.3f", mean[best], at), mean);
    return chart.chart();
  }

  private static String label(String name, String format, Object... figures) {
    return name + " " + String.format(Locale.ROOT, format, figures);
  }

  private static void save(Chart<?, ?> chart, Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          BitmapEncoder.saveBitmap(chart, buffered, BitmapFormat.PNG);
          buffered.flush();
        });
  }
}
