# The portal's image: web server, worker and scheduler are the same image with another command.

FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/packages
COPY requirements.txt .
RUN /opt/packages/bin/pip install --only-binary :all: -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/packages/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    STATE_DIRECTORY=/var/lib/portal
RUN useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal
COPY --from=packages /opt/packages /opt/packages
WORKDIR /srv/portal
COPY . .
# Static files need no secret and no service: the embedded settings collect them, with a state directory that
# isn't kept.
RUN STATE_DIRECTORY=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/build
ENV DJANGO_SETTINGS_MODULE=guidelines_portal.settings.production
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["gunicorn", "guidelines_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--max-requests", "2000", "--max-requests-jitter", "200", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
