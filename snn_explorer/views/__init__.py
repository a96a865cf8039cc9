"""Floor 4: what people see. Panel, HoloViews and Bokeh are imported here, and in app.py, and nowhere else."""
