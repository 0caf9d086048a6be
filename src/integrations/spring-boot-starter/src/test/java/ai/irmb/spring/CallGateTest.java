package ai.irmb.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallGateTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofSeconds(7);

  @Test
  void refusesWhatExceedsTheWaitingCalls() {
    CallGate gate = new CallGate(1, 1, LONG, RETRY);
    gate.enter();
    CompletableFuture<Void> second = CompletableFuture.runAsync(gate::enter);
    while (gate.waiting() == 0) {
      Thread.onSpinWait();
    }
    assertThatExceptionOfType(OverloadException.class)
        .isThrownBy(gate::enter)
        .withMessage(
            "The service is overloaded: 1 calls are waiting already (irmb.calls.max-waiting);"
                + " try again in 7 s")
        .matches(e -> e.retryAfter().equals(RETRY));
    assertThat(second).isNotDone();
    assertThat(gate.active()).isEqualTo(1);

    gate.leave();
    second.join();
    assertThat(gate.waiting()).isZero();
    assertThat(gate.active()).isEqualTo(1);
    gate.leave();
    assertThat(gate.active()).isZero();
  }

  @Test
  void refusesWhoWaitsTooLong() {
    CallGate gate = new CallGate(1, 1, Duration.ofMillis(1), RETRY);
    gate.enter();
    assertThatExceptionOfType(OverloadException.class)
        .isThrownBy(gate::enter)
        .withMessageContaining("irmb.calls.max-wait");
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void permitsOnlyTheImagesThatTheHeapHolds() {
    IrmbProperties.Calls calls = new IrmbProperties.Calls(null, 0, LONG, RETRY);
    assertThat(calls.active(8, 24_000_000, 512L << 20)).isEqualTo(1);
    assertThat(calls.active(8, 24_000_000, 1L << 30)).isEqualTo(3);
    assertThat(calls.active(8, 24_000_000, 1L << 40)).isEqualTo(8);
    assertThat(calls.active(8, Long.MAX_VALUE, 1L << 40)).isEqualTo(1);
    assertThat(new IrmbProperties.Calls(5, 0, LONG, RETRY).active(8, 64_000_000, 1)).isEqualTo(5);
  }
}
