package ai.irmb.spring;

import jakarta.servlet.MultipartConfigElement;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;

/** Configures the responses to errors, and the timeout of uploads, of a servlet application. */
@AutoConfiguration(after = IrmbAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
public final class IrmbWebAutoConfiguration {
  /** Created by Spring. */
  IrmbWebAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(name = "irmb.web.problem-details", matchIfMissing = true)
  DetectionExceptionHandler detectionExceptionHandler(
      IrmbProperties properties, ObjectProvider<MultipartConfigElement> multipart) {
    return new DetectionExceptionHandler(
        properties.calls().retryAfter(), multipart.getIfAvailable());
  }

  /** The timeout of uploads, if the server is Tomcat. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TomcatServletWebServerFactory.class)
  static class Tomcat {
    @Bean
    @ConditionalOnProperty("irmb.web.upload-timeout")
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> uploadTimeout(
        IrmbProperties properties) {
      Duration timeout = properties.web().uploadTimeout();
      return factory -> {
        if (timeout != null) {
          factory.addEngineValves(new UploadTimeoutValve(timeout));
        }
      };
    }
  }
}
