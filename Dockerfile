# syntax=docker/dockerfile:1
# The server, framework-dependent, as a user without rights; everything it keeps is in /data.
#
#   docker build -t allinone .
#   docker run --network host -v allinone:/data allinone
#
# While there are no users (Auth:Mode=none) it listens on loopback only, so the container shares the host's network.

FROM node:22-slim AS modules
WORKDIR /source
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
COPY --from=modules /source/node_modules node_modules/
RUN dotnet publish src/AllInOne.Server -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
ENV ALLINONE__Data__Directory=/data
VOLUME /data
EXPOSE 5000 7070
USER $APP_UID
# The image has no curl; bash opens the connection itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5000 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "AllInOne.Server.dll"]
