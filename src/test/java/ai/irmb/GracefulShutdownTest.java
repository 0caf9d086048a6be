package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that is told to end by SIGTERM still serves the requests that are in flight. */
@DisabledOnOs(OS.WINDOWS)
@Tag("long")
class GracefulShutdownTest {
  private static final int REQUESTS = 12;
  private static final int CALLS_AFTER_SIGNAL = 3;
  private static final int SIGTERM_EXIT_CODE = 128 + 15;

  @TempDir private Path folder = Path.of("");

  /** Serves requests that end only some calls after the JVM has begun to shut down. */
  static final class Server {
    private static final CountDownLatch TERMINATING = new CountDownLatch(1);
    private static final DetectOptions OPTIONS = DetectOptions.DEFAULTS.withSize(96);

    private Server() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      RgbImage image = RgbImage.read(Path.of(args[1]));
      Detector detector = Detector.builder().weights(Path.of(args[0])).device("cpu").build();
      Detections expected = detector.detect(image, OPTIONS);
      AtomicInteger served = new AtomicInteger();
      CountDownLatch inFlight = new CountDownLatch(REQUESTS);
      List<Thread> requests = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        Thread request =
            new Thread(
                () -> {
                  int left = CALLS_AFTER_SIGNAL;
                  while (left > 0) {
                    boolean isTerminating = TERMINATING.getCount() == 0;
                    if (!detector.detect(image, OPTIONS).equals(expected)) {
                      throw new IllegalStateException("other detections");
                    }
                    inFlight.countDown();
                    left -= isTerminating ? 1 : 0;
                  }
                  served.incrementAndGet();
                });
        request.setDaemon(true);
        requests.add(request);
        request.start();
      }
      boolean hookWaits = args[2].equals("waits");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    TERMINATING.countDown();
                    if (hookWaits) {
                      join(requests);
                      System.out.println("served " + served.get());
                      detector.close();
                    }
                  }));
      inFlight.await();
      new ProcessBuilder("kill", "-TERM", String.valueOf(ProcessHandle.current().pid())).start();
      if (!hookWaits) {
        join(requests);
        System.out.println("served " + served.get());
      }
      // A server does not return from main.
      Thread.sleep(60_000);
    }

    private static void join(List<Thread> threads) {
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private ChildJvm.Result serve(String applicationsHook) throws IOException, InterruptedException {
    return new ChildJvm(folder)
        .options("-Xmx256m", "-Djava.awt.headless=true", "-Dirmb.shutdown.seconds=60")
        .run(
            Server.class,
            Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString(),
            Path.of("models/sample/blood-cells.jpg").toAbsolutePath().toString(),
            applicationsHook);
  }

  @ParameterizedTest
  @ValueSource(strings = {"returns", "waits"})
  void requestsInFlightAreServed(String applicationsHook) throws IOException, InterruptedException {
    ChildJvm.Result result = serve(applicationsHook);
    assertEquals(SIGTERM_EXIT_CODE, result.code(), result.err());
    assertEquals(List.of("served " + REQUESTS), result.out().lines().toList(), result.err());
  }
}
