package ai.irmb.testing;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test of a class on a thread of its own, which ends with it. For tests that call the
 * engine themselves: it keeps workers for every thread that did, for as long as that thread lives,
 * and with more workers than processors all networks of the process run at half their speed.
 */
public final class OwnThread implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> test,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(test);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> test,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(test);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> test,
      DynamicTestInvocationContext invocation,
      ExtensionContext context)
      throws Throwable {
    run(test);
  }

  private static void run(Invocation<@Nullable Void> test) throws Throwable {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                test.proceed();
              } catch (Throwable e) {
                thrown[0] = e;
              }
            },
            "irmb-test");
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      throw thrown[0];
    }
  }
}
