@echo off
rem Starts the command line; bin/irmb says what JAVA_HOME and JAVA_OPTS do.
setlocal
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java.exe")
set "quick=-XX:TieredStopAtLevel=1"
if "%~1"=="validate" set "quick="
if "%~1"=="bench" set "quick="
for %%a in (%*) do (
  if exist "%%~a\*" set "quick="
  for %%e in (.mp4 .avi .mkv .mov .webm) do if /i "%%~xa"=="%%e" set "quick="
)
"%java%" %quick% %JAVA_OPTS% -jar "%~dp0..\app\irmb.jar" %*
exit /b %errorlevel%
