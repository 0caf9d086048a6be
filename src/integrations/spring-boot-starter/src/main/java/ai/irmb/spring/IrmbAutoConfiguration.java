package ai.irmb.spring;

import ai.irmb.Detector;
import ai.irmb.image.ReadOptions;
import ai.irmb.limit.Limit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures a {@link Detector}, a {@link DetectorTemplate} and a health indicator. */
@AutoConfiguration(
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure"
            + ".CompositeMeterRegistryAutoConfiguration")
@EnableConfigurationProperties(IrmbProperties.class)
public final class IrmbAutoConfiguration {
  /** Created by Spring. */
  IrmbAutoConfiguration() {}

  /** The detector, which Spring closes with the context. Closing waits for calls in flight. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Detector detector(
      IrmbProperties properties, ObjectProvider<DetectorBuilderCustomizer> customizers) {
    Detector.Builder builder = properties.toSettings().toBuilder();
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    Detector detector = builder.build();
    if (properties.warmUp()) {
      detector.warmUp();
    }
    return detector;
  }

  @Bean
  @ConditionalOnMissingBean
  DetectorTemplate detectorTemplate(
      Detector detector, IrmbProperties properties, ObjectProvider<MeterRegistry> registry) {
    IrmbProperties.Calls calls = properties.calls();
    ReadOptions reading = properties.readOptions();
    int wanted =
        Math.max(Runtime.getRuntime().availableProcessors(), properties.batching().maxImages());
    int active =
        calls.active(wanted, reading.limits().get(Limit.PIXELS), Runtime.getRuntime().maxMemory());
    return new DetectorTemplate(
        detector,
        reading,
        new CallGate(active, calls.maxWaiting(), calls.maxWait(), calls.retryAfter()),
        properties.batching(),
        registry.getIfAvailable(CompositeMeterRegistry::new));
  }

  /** The health indicator {@code irmb}, if the application has Actuator. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
  static class Health {
    @Bean
    @ConditionalOnEnabledHealthIndicator("irmb")
    @ConditionalOnMissingBean(name = "irmbHealthIndicator")
    HealthIndicator irmbHealthIndicator(Detector detector) {
      return new DetectorHealthIndicator(detector);
    }
  }
}
