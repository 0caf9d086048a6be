package ai.irmb.testing;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Skips a class of the group {@code gpu} where its device is missing. As a listener of the test
 * plan, says at the end how many tests did not run, so that nobody takes the rest for all.
 */
public final class NeedsGpu implements ExecutionCondition, TestExecutionListener {
  private static final String NO_DEVICE = "no CUDA device";

  private final Set<String> notRun = new TreeSet<>();
  private @Nullable TestPlan plan;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return TestDevice.ofGpuGroup().isThere()
        ? ConditionEvaluationResult.enabled("the device is there")
        : ConditionEvaluationResult.disabled(NO_DEVICE);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionSkipped(TestIdentifier skipped, String reason) {
    if (plan != null && reason.equals(NO_DEVICE)) {
      plan.getDescendants(skipped).stream()
          .filter(test -> test.getSource().orElse(null) instanceof MethodSource)
          .forEach(test -> notRun.add(test.getUniqueId()));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    if (!notRun.isEmpty()) {
      System.out.println("GPU tests: " + NO_DEVICE + ", " + notRun.size() + " tests not run");
      notRun.clear();
    }
  }
}
