# The command line in a container. CPU:
#   docker build -t irmb . && docker run --rm -v "$PWD:/work" irmb detect --weights best.pt --save out images
# CUDA 12.4, which needs the NVIDIA container toolkit:
#   docker build -t irmb:cuda --target cuda --build-arg MAVEN="-Pdjl-0.33 -Dpytorch.natives=pytorch-native-cu124" .
#   docker run --rm --gpus all -v "$PWD:/work" irmb:cuda detect --weights best.pt --save out images

FROM maven:3-eclipse-temurin-17 AS build
ARG MAVEN=""
WORKDIR /build
COPY . .
RUN mvn -B -ntp -q -DskipTests $MAVEN package

FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04 AS cuda
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home irmb
COPY --from=build /build/target/irmb.jar /opt/irmb/
COPY --from=build /build/target/lib /opt/irmb/lib
USER irmb
# The first start unpacks 3.8 GiB of natives: a volume here keeps them.
ENV DJL_CACHE_DIR=/home/irmb/.djl.ai
RUN mkdir "$DJL_CACHE_DIR"
VOLUME /home/irmb/.djl.ai
WORKDIR /work
ENTRYPOINT ["java", "-jar", "/opt/irmb/irmb.jar"]
CMD ["--help"]

# The last stage is the default.
FROM debian:bookworm-slim AS cpu
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home irmb
COPY --from=build /build/target/irmb.jar /opt/irmb/
COPY --from=build /build/target/lib /opt/irmb/lib
USER irmb
ENV DJL_CACHE_DIR=/home/irmb/.djl.ai
# Unpacks the natives into the image, and proves that it works.
RUN --mount=type=bind,source=models/sample,target=/sample java -jar /opt/irmb/irmb.jar detect /sample
WORKDIR /work
ENTRYPOINT ["java", "-jar", "/opt/irmb/irmb.jar"]
CMD ["--help"]
